import { Field } from '../bytes/field.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import type { Frame } from './frame.ts';
import type { Computed, EachSummary, Protocol } from './protocol.ts';
import { isWhole, visitVariable } from './rows.ts';
import { computedWriter, valueWriter, type WriteComputed, type WriteField } from './value.ts';

/**
 * A layer as one text, which is what a protocol's own name stands for where fields are printed. Protocols whose declaration
 * has no `summary` are their name, as in tshark; so are layers that are cut.
 */
export function summaryOf(protocol: Protocol): Computed {
  const { summary } = protocol;
  if (typeof summary === 'object') return eachOf(protocol, summary);
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
interface Row {
  readonly field: Field;
  readonly from: number;
  readonly to: number;
}
/** A text for each message of the layer; of one in which none begins, the name. */
function eachOf(protocol: Protocol, { each, text }: EachSummary): Computed {
  const name = protocol.shownAs ?? protocol.name;
  const last = new Map<string, Row>();
  return {
    name,
    label: protocol.title,
    type: 'text',
    evenCut: true,
    value(frame, d) {
      const texts: string[] = [];
      last.clear();
      if (isWhole(frame, d))
        visitVariable(frame, d, (field, from, to) => {
          last.set(field.name, { field, from, to });
          if (each.includes(field)) texts.push(fromRows(frame, last, text));
        });
      return texts.length > 0 ? texts : name;
    },
  };
}
function fromRows({ bytes }: Frame, last: ReadonlyMap<string, Row>, text: EachSummary['text']): string {
  const w = new Text();
  const read = ({ name }: Field): number => {
    const row = last.get(name);
    return row === undefined ? Number.NaN : row.field.read(bytes, row.from);
  };
  const template = typeof text === 'string' ? text : text(read);
  template.split(BRACES).forEach((part, i) => {
    const [key = '', form] = part.split(':');
    const row = last.get(key);
    if (i % 2 === 0) w.put(literal(part));
    else if (row !== undefined) formWriter(row.field, form)(w, bytes, row.from, row.to, row.from);
  });
  return w.toString();
}
const BRACES = /\{([^}]*)\}/;
/** The words of a template, and between them the fields that stand in braces, in the form behind a colon. */
function partsOf(protocol: Protocol, template: string): WriteComputed[] {
  return template.split(BRACES).map((part, i) => (i % 2 === 0 ? words(literal(part)) : value(protocol, part)));
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
  const write = formWriter(found, form);
  return (w, frame, d) => {
    const at = frame.from[d]!;
    write(w, frame.bytes, at + found.distance, at + found.distance + found.size, at);
  };
}
/** As fields are printed; or `:x` as 0x and all hexadecimal digits, `:X` in capitals, `:h` the digits alone, `:d` in decimal. */
function formWriter(field: Field, form?: string): WriteField {
  if (form === undefined) return valueWriter(field);
  const back = Math.max(0, field.distance);
  return (w, bytes, from) => {
    const value = field.read(bytes, from - back);
    const digits = value.toString(16);
    if (form === 'd') w.dec(value);
    else if (form === 'h') w.str(digits);
    else w.str(`0x${(form === 'X' ? digits.toUpperCase() : digits).padStart(field.size * 2, '0')}`);
  };
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
