import type { Field } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import type { HandshakeFields } from './fields.ts';

/** What those who read messages share: whose fields are visited, and where the bytes are. */
export class Reading {
  constructor(
    readonly fields: HandshakeFields,
    readonly bytes: Uint8Array,
    readonly visit: Visit,
  ) {}

  /** Visits one number of a fixed size; returns where it ends, or `end` when it was not whole. */
  number(field: Field, at: number, end: number): number {
    if (at + field.size > end) return end;
    this.visit(field, at, at + field.size);
    return at + field.size;
  }
  /** Visits a length and gives its content's place to `each`, cut at `end`; returns where the content ends. */
  vector(length: Field, at: number, end: number, each: (from: number, to: number) => void): number {
    const from = this.number(length, at, end);
    if (from === end) return end;
    const to = Math.min(from + length.read(this.bytes, at), end);
    if (to > from) each(from, to);
    return to;
  }
  /** Visits a length and its content as one value. */
  opaque(length: Field, content: Field, at: number, end: number): number {
    return this.vector(length, at, end, (from, to) => this.visit(content, from, to));
  }
  /** Visits a length and numbers of one kind. */
  list(length: Field, item: Field, at: number, end: number): number {
    return this.vector(length, at, end, (from, to) => this.all(item, from, to));
  }
  /** Visits numbers of one kind, as many as are whole. */
  all(field: Field, from: number, to: number): void {
    for (let at = from; at + field.size <= to; at += field.size) this.visit(field, at, at + field.size);
  }
}
