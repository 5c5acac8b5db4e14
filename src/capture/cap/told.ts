import type { Namespace } from '../../linux/namespace.ts';

/** The package, and the version that is known to work. */
export const PACKAGE = 'cap';
export const VERSION = '0.2.1';

/** What the child process is to capture. It writes a pcap file to its standard output until its standard input ends. */
export interface ChildOptions {
  readonly device: string;
  readonly namespace: Namespace;
  readonly expression: string;
  readonly snaplen: number;
  /** Bytes that the kernel may hold. */
  readonly buffer: number;
}
/** What it writes to its standard error, on a line of its own, when it cannot. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}
