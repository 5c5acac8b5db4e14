import { ToolError } from '../error.ts';
import { fromNumber, SystemError } from './failure.ts';
import { PollSet } from './poll.ts';
import { FAMILY, LEVEL, OPTION, Socket, TYPE, words } from './socket.ts';

/** NETLINK_ROUTE: devices, addresses, routes. */
export const ROUTE = 0;

/** linux/netlink.h */
const FLAG = { request: 1, acknowledge: 4, dump: 0x300, interrupted: 0x10 } as const;
/** What else a request may say: make it, and it must not be there yet. */
export const MAKE = 0x600;
const MESSAGE = { error: 2, done: 3 } as const;
const NETLINK_OPTION = { addMembership: 1, strictCheck: 12 } as const;
const HEADER = 16;
/** As long as any message is: a dump comes in pieces of 32 KiB at most. */
const LONGEST = 1 << 17;
const PATIENCE_MS = 2000;
/** Events that nobody read yet. */
const RECEIVE_BUFFER = 1 << 20;

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** What follows the header. Only valid until the next message is received. */
  readonly body: DataView;
}

/** A conversation with the kernel, in the network namespace that it was opened in. */
export class Netlink {
  private readonly buffer = new Uint8Array(LONGEST);
  private readonly ready: PollSet;
  private sequence = 0;

  private constructor(private readonly socket: Socket) {
    this.ready = new PollSet([socket.fd]);
  }
  /** `groups`: the kinds of events to be told of; `room`: bytes for those that nobody read yet, as far as the kernel grants them. */
  static open(protocol: number, groups: readonly number[] = [], room = RECEIVE_BUFFER): Netlink {
    const socket = Socket.open(FAMILY.netlink, TYPE.raw, protocol, 'opening a netlink socket');
    try {
      socket.bind(netlinkAddress(), 'binding a netlink socket');
      socket.wish(LEVEL.netlink, NETLINK_OPTION.strictCheck, words(1));
      socket.wish(LEVEL.socket, OPTION.receiveBufferForce, words(room));
      for (const group of groups)
        socket.set(LEVEL.netlink, NETLINK_OPTION.addMembership, words(group), 'listening to netlink events');
      return new Netlink(socket);
    } catch (error) {
      socket.close();
      throw error;
    }
  }
  get fd(): number {
    return this.socket.fd;
  }
  /** Everything of a kind. `each` must take what it wants from a message before it returns. */
  dump(type: number, body: Uint8Array, each: (message: Message) => void): void {
    const sequence = ++this.sequence;
    this.socket.send(request(type, FLAG.request | FLAG.dump, sequence, body), 'asking the kernel by netlink');
    for (;;) {
      const length = this.next();
      for (const message of messages(this.buffer, length)) {
        if (message.sequence !== sequence) continue;
        if (message.type === MESSAGE.done) return;
        if (message.type === MESSAGE.error) throw fromNumber('asking the kernel by netlink', errorOf(message));
        each(message);
      }
    }
  }
  /** The one answer to a question. It is valid until the next message is received. */
  ask(type: number, body: Uint8Array): Message {
    const sequence = ++this.sequence;
    this.socket.send(request(type, FLAG.request, sequence, body), 'asking the kernel by netlink');
    for (;;) {
      const length = this.next();
      for (const message of messages(this.buffer, length)) {
        if (message.sequence !== sequence) continue;
        if (message.type === MESSAGE.error) throw fromNumber('asking the kernel by netlink', errorOf(message));
        return message;
      }
    }
  }
  /** Asks for something to be done, which it is when this returns. */
  order(type: number, flags: number, body: Uint8Array, doing: string): void {
    const sequence = ++this.sequence;
    this.socket.send(request(type, FLAG.request | FLAG.acknowledge | flags, sequence, body), doing);
    for (;;) {
      const length = this.next();
      for (const message of messages(this.buffer, length)) {
        if (message.sequence !== sequence || message.type !== MESSAGE.error) continue;
        const error = errorOf(message);
        if (error !== 0) throw fromNumber(doing, error);
        return;
      }
    }
  }
  private next(): number {
    for (;;) {
      const length = this.socket.receive(this.buffer, 'reading from a netlink socket');
      if (length !== undefined) return length;
      this.ready.wait(PATIENCE_MS);
      if (!this.ready.readable(0))
        throw new ToolError('no-answer', 'the kernel does not answer by netlink', 'dmesg | tail');
    }
  }
  /** The events that came since; false when there were more than could be kept, so that some are missing. */
  events(each: (message: Message) => void): boolean {
    let complete = true;
    for (;;) {
      try {
        const length = this.socket.receive(this.buffer, 'reading netlink events');
        if (length === undefined) return complete;
        for (const message of messages(this.buffer, length)) each(message);
      } catch (error) {
        if (!(error instanceof SystemError && error.errno === 'ENOBUFS')) throw error;
        complete = false;
      }
    }
  }
  close(): void {
    this.socket.close();
  }
}
function netlinkAddress(): Uint8Array {
  const address = new Uint8Array(12);
  new DataView(address.buffer).setUint16(0, FAMILY.netlink, true);
  return address;
}
function request(type: number, flags: number, sequence: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, sequence, true);
  bytes.set(body, HEADER);
  return bytes;
}
const errorOf = (message: Message): number => -message.body.getInt32(0, true);

function* messages(buffer: Uint8Array, length: number): Generator<Message> {
  const view = new DataView(buffer.buffer);
  for (let at = 0; at + HEADER <= length; ) {
    const size = view.getUint32(at, true);
    if (size < HEADER || at + size > length) return;
    const body = new DataView(buffer.buffer, at + HEADER, size - HEADER);
    const type = view.getUint16(at + 4, true);
    yield { type, flags: view.getUint16(at + 6, true), sequence: view.getUint32(at + 8, true), body };
    at += (size + 3) & ~3;
  }
}
/** The attributes from `at` on: type and value. */
export function* attributes(view: DataView, at = 0): Generator<readonly [type: number, value: DataView]> {
  for (let next = at; next + 4 <= view.byteLength; ) {
    const size = view.getUint16(next, true);
    if (size < 4 || next + size > view.byteLength) return;
    // The two upper bits say "nested" and "in network byte order".
    const type = view.getUint16(next + 2, true) & 0x3fff;
    yield [type, new DataView(view.buffer, view.byteOffset + next + 4, size - 4)];
    next += (size + 3) & ~3;
  }
}
const text = new TextDecoder();
/** Text up to its zero byte. */
export function textOf(value: DataView): string {
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const end = bytes.indexOf(0);
  return text.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
