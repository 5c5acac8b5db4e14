import { Field } from '../bytes/field.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import type { Frame } from './frame.ts';
import type { Computed, Protocol } from './protocol.ts';
import { isWhole } from './rows.ts';
import { computedWriter, valueWriter, type WriteComputed } from './value.ts';

/**
 * A layer as one text, which is what a protocol's own name stands for where fields are printed. Protocols whose declaration
 * has no `summary` are their name, as in tshark; so are layers that are cut.
 */
export function summaryOf(protocol: Protocol): Computed {
  const { summary } = protocol;
  const name = literal(protocol.shownAs ?? protocol.name);
  const templates = new Map<string, readonly WriteComputed[]>();
  const write: WriteComputed = (w, frame, d) => {
    if (summary === undefined || !isWhole(frame, d)) {
      w.put(name);
      return;
    }
    const template = typeof summary === 'string' ? summary : summary(frame, d);
    let parts = templates.get(template);
    if (parts === undefined) templates.set(template, (parts = partsOf(protocol, template)));
    for (const part of parts) part(w, frame, d);
  };
  return asComputed(protocol, write);
}
const asComputed = (protocol: Protocol, write: WriteComputed): Computed => ({
  name: protocol.shownAs ?? protocol.name,
  label: protocol.title,
  type: 'text',
  evenCut: true,
  flow: protocol.computed?.some(({ flow }) => flow === true) ?? false,
  value(frame, d) {
    const w = new Text();
    write(w, frame, d);
    return w.toString();
  },
  write,
});
/** The words of a template, and between them the fields that stand in braces, with `:x` as 0x and all their hexadecimal digits, `:X` in capitals. */
function partsOf(protocol: Protocol, template: string): WriteComputed[] {
  return template.split(/\{([^}]*)\}/).map((part, i) => (i % 2 === 0 ? words(literal(part)) : value(protocol, part)));
}
const words =
  (text: Literal): WriteComputed =>
  (w) =>
    w.put(text);
function value({ fields, computed = [] }: Protocol, place: string): WriteComputed {
  const [key = '', form] = place.split(':');
  const found = fields.find(({ name }) => name === key) ?? computed.find(({ name }) => name === key);
  if (found === undefined) throw new Error(`no field "${key}" for a summary`);
  if (!(found instanceof Field)) return computedWriter(found);
  if (form !== undefined) return (w, frame, d) => hexText(w, found.read(frame.bytes, frame.from[d]!), found.size, form);
  const write = valueWriter(found);
  return (w, frame, d) => {
    const at = frame.from[d]!;
    write(w, frame.bytes, at + found.distance, at + found.distance + found.size, at);
  };
}

function hexText(w: Text, value: number, size: number, form: string): void {
  const digits = value.toString(16).padStart(size * 2, '0');
  w.str(`0x${form === 'X' ? digits.toUpperCase() : digits}`);
}

/** The same for the packet as a whole, which tshark calls `frame`. */
export const FRAME_SUMMARY: Computed = {
  name: 'frame',
  label: 'Packet',
  type: 'text',
  value: frameText,
};
const counted = (count: number, what: string): string =>
  `${count} byte${count === 1 ? '' : 's'} ${what} (${count * 8} bits)`;
function frameText(frame: Frame): string {
  const text = `Frame ${frame.number}: ${counted(frame.wireLength, 'on wire')}, ${counted(frame.captured, 'captured')}`;
  const { name, id } = frame.ports[frame.port] ?? {};
  return id === undefined ? text : `${text} on interface ${name ?? 'unknown'}, id ${id}`;
}
