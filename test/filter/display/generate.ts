import { Field } from '../../../src/bytes/field.ts';
import { type Family, typeOf } from '../../../src/filter/display/types.ts';
import type { Random } from '../../support/random.ts';
import type { Shown } from './shown.ts';

const EQUAL = ['==', 'eq', 'any_eq', '!=', 'ne', 'all_ne', '===', 'all_eq', '!==', 'any_ne'];
const ORDER = ['<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge'];
const ANY = [...EQUAL, ...ORDER];
const TEXT: ReadonlySet<Family> = new Set(['string', 'bytes', 'ether', 'protocol']);

/** Made-up filters over values that packets of a capture have. */
export class Generator {
  private readonly byFamily = new Map<Family, Shown[]>();

  constructor(
    private readonly random: Random,
    private readonly values: readonly Shown[],
    private readonly protocols: readonly string[],
  ) {
    for (const value of values) {
      const { family } = typeOf(value.meaning);
      this.byFamily.set(family, [...(this.byFamily.get(family) ?? []), value]);
    }
  }
  filter(): string {
    const { random } = this;
    const choice = random.below(10);
    if (choice < 6) return this.relation();
    if (choice < 7) return `not ${this.relation()}`;
    if (choice < 8) return `${this.relation()} ${random.of(['and', '&&', 'or', '||'])} ${this.relation()}`;
    if (choice < 9)
      return `(${this.relation()} ${random.of(['or', 'and'])} ${this.relation()}) ${random.of(['or', 'and not'])} ${this.relation()}`;
    return this.broken();
  }
  private relation(): string {
    const { random } = this;
    const value = random.of(this.values);
    const makers = [
      () => this.compared(value),
      () => this.compared(value),
      () => this.among(value),
      () => this.sliced(value),
      () => this.other(value),
      () => this.function(value),
      () => this.worked(value),
      () => this.searched(value),
      () => this.protocol(),
      () => this.layer(value),
      () => value.name,
    ];
    return random.of(makers)();
  }
  private literal(value: Shown): string {
    const { field } = value.meaning;
    // Names of values are our own.
    if (field instanceof Field && field.spec.names !== undefined)
      return String(field.read(value.bytes, value.from - Math.max(0, field.distance)));
    return value.filter.slice(value.filter.indexOf(' == ') + 4);
  }
  /** A value that some packet has, sometimes of another field. */
  private likely(value: Shown): string {
    const { random } = this;
    const alike = this.byFamily.get(typeOf(value.meaning).family) ?? [value];
    const literal = this.literal(random.chance(0.7) ? value : random.of(alike));
    const { family } = typeOf(value.meaning);
    if (family === 'number' && /^\d+$/.test(literal) && random.chance(0.3))
      return String(Math.max(0, Number(literal) + random.between(-2, 2)));
    if (family === 'ipv4' && random.chance(0.3)) return `${literal}/${random.between(1, 32)}`;
    if (family === 'ipv6' && random.chance(0.3)) return `${literal}/${random.between(1, 128)}`;
    // tshark takes an address for a number of seconds.
    if (family !== 'span' && random.chance(0.05))
      return random.of(['0', '1', '"x"', '0x10', '10.0.0.1', '00:11', "'a'", 'True', '-1', '1.5', 'abc']);
    return literal;
  }
  private compared(value: Shown): string {
    const quantifier = this.random.chance(0.15) ? `${this.random.of(['any', 'all'])} ` : '';
    return `${quantifier}${value.name} ${this.random.of(ANY)} ${this.likely(value)}`;
  }
  private among(value: Shown): string {
    const { random } = this;
    const members = Array.from({ length: random.between(1, 3) }, () => {
      const one = this.likely(value);
      return random.chance(0.3) ? `${one}${random.of(['..', ' .. '])}${this.likely(value)}` : one;
    });
    return `${value.name} ${random.of(['in', 'in', 'not in'])} {${members.join(random.of([',', ', ']))}}`;
  }
  private range(): string {
    const { random } = this;
    const n = () => random.between(0, 6);
    return random.of([
      `${n()}`,
      `${n()}:${n() + 1}`,
      `${n()}-${n() + 3}`,
      `:${n() + 1}`,
      `${n()}:`,
      `-${n() + 1}:`,
      `-${n() + 1}`,
      `${n()},${n()}`,
      `${n()}:2,-1`,
      '-4--2',
    ]);
  }
  private sliced(value: Shown): string {
    const { random } = this;
    const whole = random.chance(0.3) ? random.of(this.protocols) : value.name;
    const bytes = this.hex(value, random.between(1, 4));
    const right = random.of([
      bytes,
      bytes,
      bytes,
      `"${random.of(['a', 'GET', 'xy'])}"`,
      `0x${bytes.replace('0x', '').slice(0, 2)}`,
      `${value.name}[${this.range()}]`,
    ]);
    const how = random.of([...ANY, 'contains', '&']);
    return `${whole}[${this.range()}] ${how} ${right}`;
  }
  private hex(value: Shown, length: number): string {
    const from = value.from + this.random.below(Math.max(1, value.to - value.from));
    const bytes = value.bytes.subarray(from, from + length);
    const hex = Buffer.from(bytes.length > 0 ? bytes : Uint8Array.of(0)).toString('hex');
    // Two digits alone may be the name of a protocol that is not known here.
    return hex.length === 2 ? `0x${hex}` : hex.match(/../g)!.join(':');
  }
  private other(value: Shown): string {
    const { random } = this;
    const { family } = typeOf(value.meaning);
    const alike = random.chance(0.9) ? this.byFamily.get(family)! : this.values;
    return `${value.name} ${random.of(ANY)} ${random.of(alike).name}`;
  }
  private function(value: Shown): string {
    const { random } = this;
    const { name } = value;
    const second = random.of(this.values).name;
    const number = () => random.between(0, 16);
    return random.of([
      `len(${name}) ${random.of(ANY)} ${number()}`,
      `count(${name}) ${random.of(ANY)} ${number() & 3}`,
      `string(${name}) ${random.of(['==', 'contains', 'matches'])} "${random.of(['1', '0', '2$', '^1', '\\\\.'])}"`,
      `upper(${name}) ${random.of(['==', 'contains', 'matches'])} "${random.of(['A', 'WWW', 'e', 'GET'])}"`,
      `lower(${name}) ${random.of(['==', 'contains', 'matches'])} "${random.of(['a', 'www', 'E', 'get'])}"`,
      `max(${name}, ${second}) ${random.of(ANY)} ${this.likely(value)}`,
      `min(${name}, ${second}) ${random.of(ANY)} ${this.likely(value)}`,
      `max(${name}) ${random.of(ANY)} ${second}`,
      `abs(${name}) ${random.of(ANY)} ${this.likely(value)}`,
    ]);
  }
  private worked(value: Shown): string {
    const { random } = this;
    const numbers = this.byFamily.get('number')!;
    const { name } = random.chance(0.8) ? random.of(numbers) : value;
    const n = () => random.of([0, 1, 2, 3, 8, 15, 100, 255]);
    const other = random.of(numbers).name;
    const op = () => random.of(['+', '-', '*', '/', '%', '&']);
    return random.of([
      `${name} & ${n()}`,
      `${name} & ${n()} == ${n()}`,
      `${name} ${op()} ${n()} ${random.of(ANY)} ${n()}`,
      `${name} ${random.of(ANY)} ${other} ${op()} ${n()}`,
      `{${name} ${op()} ${n()}} ${op()} ${n()} ${random.of(ANY)} ${n()}`,
      `${name} ${op()} ${n()} ${op()} ${n()}`,
      `-${name} ${random.of(ANY)} -${n()}`,
      `${name} ${op()} ${other} ${random.of(ANY)} ${n()}`,
    ]);
  }
  private searched(value: Shown): string {
    const { random } = this;
    const texts = [...this.byFamily].flatMap(([family, values]) => (TEXT.has(family) ? values : []));
    const one = random.chance(0.85) && texts.length > 0 ? random.of(texts) : value;
    const name = random.chance(0.2) ? random.of(this.protocols) : one.name;
    const shown = this.literal(one).replace(/^"|"$/g, '');
    const from = random.below(Math.max(1, shown.length - 2));
    const piece = shown.slice(from, from + 3).replace(/[^A-Za-z0-9]/g, '.');
    const pattern = random.of([
      piece,
      `^${piece}`,
      `${piece}$`,
      `[${piece.replace(/[^\w]/g, '')}x]+.`,
      `${piece}|x`,
      '^\\\\w+$',
      '\\\\d{2,}',
      '(?-i)www',
      '\\\\bcom\\\\b',
    ]);
    if (random.chance(0.5)) return `${name} ${random.of(['matches', '~'])} "${pattern}"`;
    return `${name} contains ${random.of([`"${piece}"`, this.hex(one, 2), this.hex(one, 1)])}`;
  }
  private protocol(): string {
    const { random } = this;
    const [a, b] = [random.of(this.protocols), random.of(this.protocols)];
    return random.of([
      a,
      a,
      `${a} and not ${b}`,
      `len(${a}) > ${random.below(60)}`,
      `${a} ${random.of(ANY)} ${b}`,
      `${a}#${random.between(1, 3)}`,
    ]);
  }
  private layer(value: Shown): string {
    const { random } = this;
    const layer = random.of(['#1', '#2', '#[1-2]', '#[-1]', '#[2:]', '#[1,3]', '#0']);
    return `${value.name}${layer} ${random.of(EQUAL)} ${this.likely(value)}`;
  }
  /** Something is missing, doubled or in the wrong place. */
  private broken(): string {
    const { random } = this;
    const words = this.relation().split(' ');
    const i = random.below(words.length);
    const how = random.below(4);
    if (how === 0) words.splice(i, 1);
    else if (how === 1) words.splice(i, 0, random.of(words));
    else if (how === 2)
      words[i] = random.of(['(', ')', '==', 'and', 'not', '{', '}', '[0]', '"', "'", '..', 'in', '&&', '!']);
    else words.reverse();
    return words.join(' ');
  }
}
/** Fields whose filters mean the same in tshark. */
export const isComparable = (value: Shown, types: ReadonlyMap<string, string>): boolean => {
  if (OTHER_VALUES.has(value.name)) return false;
  const theirs = types.get(value.name);
  const { family, bits } = typeOf(value.meaning);
  const wanted = THEIRS[family] ?? [];
  if (theirs === undefined || !wanted.some((type) => theirs.startsWith(type))) return false;
  return family !== 'number' || !(value.meaning.field instanceof Field) || Number(theirs.replace(/\D/g, '')) === bits;
};
/** What other protocols, other sides of a choice and other numbering make of a field: not the language's doing. */
const OTHER_VALUES = new Set(['frame.protocols', 'eth.type', 'icmpv6.data', 'udp.stream']);
const THEIRS: Readonly<Partial<Record<Family, readonly string[]>>> = {
  number: ['FT_UINT'],
  boolean: ['FT_BOOLEAN'],
  ipv4: ['FT_IPv4'],
  ipv6: ['FT_IPv6'],
  ether: ['FT_ETHER'],
  bytes: ['FT_BYTES'],
  string: ['FT_STRING'],
  span: ['FT_RELATIVE_TIME'],
};
