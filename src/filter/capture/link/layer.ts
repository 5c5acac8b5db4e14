import type { Direction } from '../ast.ts';
import type { Condition } from '../condition.ts';
import type { Context } from '../context.ts';

/** What the compiler knows of a link type. */
export interface LinkLayer {
  /** The name that pcap gives it, without `DLT_`. */
  readonly name: string;
  /** Its numbers: LINKTYPE of files and DLT of systems, where they differ. */
  readonly types: readonly number[];
  /** What a person would call it. */
  readonly title: string;
  /** Where the link-layer header starts; absent: at the start of the packet. */
  readonly header?: number;
  /** Where it says what it carries. */
  readonly type?: number;
  /** Where what it carries starts. */
  readonly payload: number;
  /** From there to the network header. */
  readonly network: number;
  /** The same for what comes right behind an LLC header. */
  readonly networkNoSnap: number;
  /** Whether a packet carries this protocol: an EtherType, or an LLC SAP up to 1500. Absent: nobody can say. */
  readonly carries?: (context: Context, protocol: number) => Condition;
  /** What every packet is asked, whatever the filter. */
  readonly guard?: (context: Context) => Condition;
  /** Prepares headers of variable length. */
  readonly open?: (context: Context) => void;
  /** MAC addresses: where they are. */
  readonly mac?: { readonly dst: number; readonly src: number };
  /** A MAC address of another header than Ethernet's. */
  readonly macTest?: (context: Context, direction: MacDirection, bytes: readonly number[]) => Condition;
  /** An address of one byte: where it is, and which is everybody's. */
  readonly byteAddress?: {
    readonly dst: number;
    readonly src: number;
    readonly everybody: number;
    readonly multicast: boolean;
  };
  readonly broadcast?: (context: Context) => Condition;
  readonly multicast?: (context: Context) => Condition;
  /** Whether a packet came in or went out. */
  readonly direction?: (context: Context, inbound: boolean) => Condition;
  /** The interface's number, where the header has it. */
  readonly interfaceIndex?: (context: Context, index: number) => Condition;
  /** Whether there is an LLC header. */
  readonly llc?: (context: Context) => Condition;
  readonly vlan?: true;
  /** The type that announces MPLS. */
  readonly mpls?: number;
  /** 802.11, with types and subtypes. */
  readonly wlan?: true;
  /** A header of the radio in front of the link layer. */
  readonly radio?: true;
  readonly signalling?: 'atm' | 'ss7' | 'pf';
  /** The OSI protocol identifier in front of which ISO headers have one byte more. */
  readonly isoShift?: number;
  /** How `iso proto N` is asked where the identifier lies in the type. */
  readonly iso?: (context: Context, protocol: number) => Condition;
}

/** The places of a MAC address that a filter can ask for. */
export type MacDirection = Direction;
