import type { Field } from '../bytes/field.ts';
import type { Read } from '../bytes/kind.ts';
import { Text } from '../bytes/text.ts';
import { writePrintable } from '../bytes/utf8.ts';
import { type Frame, MARK } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';
import { addressText } from './address-text.ts';

/** So many addresses have names at most; the one told longest ago makes room. */
const MOST = 1 << 16;
/** Names that stand for names, one after the other, in one message. */
const MOST_ALIASES = 16;

/** What addresses are called, from the answers of name servers that were seen. The latest answer counts. */
export class Names {
  private readonly names = new Map<string, string>();
  /**
   * By protocol that has DNS's records (mDNS and LLMNR do, too), is a message a response? null: it has none; undefined:
   * no layer of it came yet, and it may be asleep.
   */
  private readonly tells: (Read | null | undefined)[];
  private readonly text = new Text();
  // Of the message that is being read.
  private frame!: Frame;
  private base = 0;
  /** Whose record it is: the field, and where it lies. */
  private owner!: Field;
  private from = 0;
  private to = 0;
  /** From what a name stands for to that name, both in lower case but for the name itself. */
  private readonly aliases = new Map<string, string>();
  private readonly visit = (field: Field, from: number, to: number): void => {
    if (field.name === 'dns.resp.name') {
      this.owner = field;
      this.from = from;
      this.to = to;
    } else if (field.name === 'dns.cname') {
      this.aliases.set(this.read(field, from, to).toLowerCase(), this.ownerName());
    } else if (field.name === 'dns.a' || field.name === 'dns.aaaa') {
      const name = this.asked(this.ownerName());
      if (name !== '') this.set(addressText(this.frame.bytes, from, to - from), name);
    }
  };

  constructor(
    private readonly registry: Registry,
    private readonly most = MOST,
  ) {
    this.tells = Array.from(registry.protocols, () => undefined);
  }
  /** How many addresses have names. */
  get size(): number {
    return this.names.size;
  }
  /** Control characters in it are escaped. */
  of(address: string): string | undefined {
    return this.names.get(address);
  }
  /** What a file says of an address of 4 or 16 bytes. */
  learn(address: Uint8Array, name: Uint8Array): void {
    this.text.at = 0;
    writePrintable(this.text, name, 0, name.length);
    this.set(addressText(address, 0, address.length), this.text.toString());
  }
  see(frame: Frame): void {
    for (let d = 0; d < frame.depth; d++) if ((frame.marks[d]! & MARK.cut) === 0) this.hear(frame, d);
  }
  private hear(frame: Frame, d: number): void {
    const base = frame.from[d]!;
    const id = frame.layer[d]!;
    let response = this.tells[id];
    if (response === undefined) response = this.tells[id] = this.responseOf(id);
    if (response === null || response(frame.bytes, base) === 0) return;
    this.frame = frame;
    this.base = base;
    this.aliases.clear();
    this.registry.protocols[id]!.expand?.(frame, d, this.visit);
  }
  private responseOf(id: number): Read | null {
    const records = this.registry.protocols[id]!.fields.some(({ name }) => name === 'dns.resp.name');
    return records ? (this.registry.field('dns.flags.response')?.read ?? null) : null;
  }
  private ownerName(): string {
    return this.read(this.owner, this.from, this.to);
  }
  private read(field: Field, from: number, to: number): string {
    const { text } = this;
    text.at = 0;
    field.write(text, this.frame.bytes, from, to, this.base);
    return text.toString();
  }
  /** The name that somebody asked for, where `name` is what it stands for: people know that one. */
  private asked(name: string): string {
    let found = name;
    for (let i = 0; i < MOST_ALIASES; i++) {
      const before = this.aliases.get(found.toLowerCase());
      if (before === undefined) break;
      found = before;
    }
    return found;
  }
  private set(address: string, name: string): void {
    const { names } = this;
    names.delete(address);
    names.set(address, name);
    if (names.size <= this.most) return;
    for (const oldest of names.keys()) {
      names.delete(oldest);
      return;
    }
  }
}
