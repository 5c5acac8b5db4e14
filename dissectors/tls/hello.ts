import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Protocol, Visit } from '../../src/dissect/protocol.ts';
import type { HandshakeFields } from './fields.ts';

/** Where a hello is told. */
export interface HelloSource {
  readonly fields: HandshakeFields & { readonly 'record.length': Field };
  readonly expand: NonNullable<Protocol['expand']>;
  /** Between a message's length and its body, in bytes. */
  readonly between: number;
}
/** `0x0a0a`, `0x1a1a` and so on (RFC 8701). */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
const SIGNATURE_ALGORITHMS = 13;

/** What tells clients and servers apart, in the order in which they say it; GREASE left out. */
export class Hello {
  version = 0;
  readonly ciphers: number[] = [];
  readonly extensions: number[] = [];
  readonly groups: number[] = [];
  readonly formats: number[] = [];
  readonly algorithms: number[] = [];
  readonly versions: number[] = [];
  /** The bytes of the first application protocol. */
  protocol: Uint8Array | undefined;
  private extension = -1;
  private readonly lists: ReadonlyMap<Field, number[]>;

  constructor(private readonly fields: HandshakeFields) {
    this.lists = new Map([
      [fields['handshake.ciphersuite'], this.ciphers],
      [fields['handshake.extension.type'], this.extensions],
      [fields['handshake.extensions_supported_group'], this.groups],
      [fields['handshake.extensions_ec_point_format'], this.formats],
      [fields['handshake.sig_hash_alg'], this.algorithms],
      [fields['handshake.extensions.supported_version'], this.versions],
    ]);
  }
  take(bytes: Uint8Array, field: Field, from: number, to: number): void {
    const { fields } = this;
    if (field === fields['handshake.version']) this.version = field.read(bytes, from);
    if (field === fields['handshake.extension.type']) this.extension = field.read(bytes, from);
    if (field === fields['handshake.extensions_alpn_str']) this.protocol ??= bytes.slice(from, to);
    const list = this.lists.get(field);
    // Another extension names algorithms, too: those of certificates.
    if (list === undefined || (list === this.algorithms && this.extension !== SIGNATURE_ALGORITHMS)) return;
    const value = field.read(bytes, from);
    if (field.size === 1 || !isGrease(value)) list.push(value);
  }
}

/** The first hello of this type of layer `d`; undefined when there is none, or not all of it in one record. */
export function helloOf(
  frame: Frame,
  d: number,
  type: number,
  { fields, expand, between }: HelloSource,
): Hello | undefined {
  const { bytes } = frame;
  const limit = frame.limit(d);
  const hello = new Hello(fields);
  let isHello = false;
  let recordEnd = 0;
  let until = -1;
  const visit: Visit = (field, from, to) => {
    if (until >= 0) {
      if (from < until) hello.take(bytes, field, from, to);
    } else if (field === fields['record.length']) recordEnd = Math.min(limit, to + field.read(bytes, from));
    else if (field === fields['handshake.type']) isHello = read8(bytes, from) === type;
    else if (field === fields['handshake.length'] && isHello) until = to + between + field.read(bytes, from);
  };
  expand(frame, d, visit);
  return until < 0 || until > recordEnd ? undefined : hello;
}
