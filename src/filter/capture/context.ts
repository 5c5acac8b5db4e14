import { ANCILLARY } from './bpf.ts';
import { type Condition, Tests } from './condition.ts';
import { FilterError } from './error.ts';
import { at, behind, type Expression, type Expressions, type Place } from './expression.ts';
import { type View, viewed } from './kernel-view.ts';
import type { LinkLayer } from './link/layer.ts';

/** Where a filter runs: over the bytes of a file, or in the kernel on a live socket. */
export type Target = 'file' | 'kernel';

/** Where things lie, at the place of the filter that is being compiled: `vlan`, `mpls` and the tunnels move it on. */
export interface Layout {
  link: LinkLayer;
  /** Start of the link-layer header. */
  header: Place;
  /** Where the link layer says what it carries. */
  type: Place;
  /** Start of what the link layer carries. */
  payload: Place;
  /** From there to the network header, where an LLC and SNAP header lies between. */
  network: number;
  /** The same for what comes right behind an LLC header. */
  networkNoSnap: number;
  /** How many `mpls` came. */
  mpls: number;
  /** Inside a tunnel: whether the inner packet has an Ethernet header, which not every one has. */
  inner: Condition | undefined;
  /** Inside ATM LAN emulation: whether the frame is one of data. */
  lane: Condition | undefined;
}

/** What the compiler knows while it goes through a filter from left to right. */
export class Context {
  readonly tests: Tests;
  readonly layout: Layout;
  /** What has to be computed before the filter if it uses the register: where headers of variable length end. */
  readonly prologue: { readonly register: number; readonly steps: readonly Condition[] }[] = [];
  registers = 0;

  constructor(
    readonly text: string,
    readonly link: LinkLayer,
    readonly target: Target,
    readonly netmask: number | undefined,
    readonly hosts: (name: string) => readonly string[],
    /** How the kernel sees the packet; absent over files. */
    private readonly view: View | undefined,
    readonly of: Expressions,
  ) {
    this.tests = new Tests(of);
    this.layout = {
      link,
      header: at(link.header ?? 0),
      type: at(link.type ?? 0),
      payload: at(link.payload),
      network: link.network,
      networkNoSnap: link.networkNoSnap,
      mpls: 0,
      inner: undefined,
      lane: undefined,
    };
    link.open?.(this);
  }

  error(reason: string, place: number, near: readonly string[] = [], hint?: string): never {
    throw new FilterError(reason, this.text, place, near, hint);
  }

  load(size: 1 | 2 | 4, place: Place): Expression {
    const special = place.base === undefined && place.offset >= ANCILLARY;
    if (this.view === undefined || special) return this.of.load(size, place);
    const value = viewed(this.of, this.view, size, place);
    if (value !== undefined) return value;
    return this.error(
      `a live capture of ${this.link.title} does not have the bytes at ${place.offset} before it is captured`,
      0,
    );
  }

  length(): Expression {
    const { of, view } = this;
    return view === undefined ? of.length() : of.binary('add', of.length(), of.constant(view.longer));
  }

  /** Where the program finds what is at a fixed place behind all headers of the link layer. */
  moved(offset: number): number {
    return offset + (this.view?.moved ?? 0);
  }

  /** A field of the link-layer header. */
  inHeader(size: 1 | 2 | 4, offset: number): Expression {
    return this.load(size, behind(this.layout.header, offset));
  }

  /** A byte of what the link layer carries. */
  inPayload(size: 1 | 2 | 4, offset: number): Expression {
    return this.load(size, behind(this.layout.payload, offset));
  }

  /** A field of the network header. */
  inNetwork(size: 1 | 2 | 4, offset: number): Expression {
    return this.inPayload(size, this.layout.network + offset);
  }

  newRegister(): number {
    return this.registers++;
  }

  assign(register: number, value: Expression, kept = false): Condition {
    return { kind: 'assign', register, value, kept };
  }

  /** Whether so many bytes are the given ones; the last are compared first. */
  bytesAre(place: Place, bytes: readonly number[]): Condition[] {
    const tests: Condition[] = [];
    let end = bytes.length;
    while (end > 0) {
      const size = end >= 4 ? 4 : end >= 2 ? 2 : 1;
      const start = end - size;
      const value = bytes.slice(start, end).reduce((sum, byte) => sum * 256 + byte, 0);
      tests.push(this.tests.equals(this.load(size, behind(place, start)), value));
      end = start;
    }
    return tests;
  }
}
