import type { Field } from '../bytes/field.ts';
import { hasPlainNumber } from '../dissect/value.ts';
import { type Budget, type Group, HeaderText, type Item, type WriteRows } from './header-text.ts';

/** How a header is worded, its first byte being the packet's `place`-th. */
export interface Wording {
  /** In front of the fields. */
  first(place: number): readonly Item[];
  /** The words in front of the value of `field`, the value, and the words behind it; `whole` is what it is a part of, or itself. */
  cell(field: Field, whole: Field, place: number): readonly Item[];
  /** The field with all its words. */
  row(field: Field): WriteRows;
  /** Behind the fields. */
  last(place: number): readonly Item[];
}
/** Headers begin at few places of a packet: so far from its first byte, and in so many, their texts are kept. */
const PLACES = 512;
const MOST_PLACES = 64;
/** So many texts of one protocol are kept. */
const MOST_TEXTS = 1 << 10;

/** What stands in the same bytes: a field and its parts. */
interface Cell {
  readonly whole: Field;
  readonly fields: readonly Field[];
}
function cellsOf(fields: readonly Field[]): Cell[] {
  const cells: { whole: Field; fields: Field[] }[] = [];
  for (const field of fields) {
    const cell = cells.at(-1);
    if (cell !== undefined && field.spec.part !== undefined && field.distance === cell.whole.distance)
      cell.fields.push(field);
    else cells.push({ whole: field, fields: [field] });
  }
  return cells;
}
/** Small numbers, and those whose parts make a long text. */
const isFew = ({ whole, fields }: Cell): boolean =>
  whole.size <= 2 && hasPlainNumber(whole) && (whole.size === 1 || fields.length > 1);

/** The texts of one protocol's header, by where it begins. */
export class HeaderTexts {
  private readonly byPlace: HeaderText[] = [];
  private places = 0;
  private readonly cells: readonly Cell[];
  private readonly budget: Budget = { left: MOST_TEXTS };

  constructor(
    fields: readonly Field[],
    private readonly wording: Wording,
  ) {
    this.cells = cellsOf(fields);
  }
  /** Undefined where no more are kept. */
  at(place: number): HeaderText | undefined {
    return this.byPlace[place] ?? this.make(place);
  }
  private make(place: number): HeaderText | undefined {
    if (place >= PLACES || this.places === MOST_PLACES) return undefined;
    this.places++;
    const { wording, cells } = this;
    const items: Item[] = [...wording.first(place)];
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      const next = cells[i + 1];
      if (!isFew(cell)) for (const field of cell.fields) items.push(...wording.cell(field, cell.whole, place));
      else if (next === undefined || !areNeighbours(cell, next)) items.push(this.group([cell]));
      else {
        items.push(this.group([cell, next]));
        i++;
      }
    }
    return (this.byPlace[place] = new HeaderText([...items, ...wording.last(place)], this.budget));
  }
  private group(cells: readonly Cell[]): Group {
    const { whole } = cells[0]!;
    return {
      distance: whole.distance,
      size: cells.reduce((sum, cell) => sum + cell.whole.size, 0),
      rows: cells.flatMap(({ fields }) => fields.map((field) => this.wording.row(field))),
    };
  }
}
/** Two octets, one behind the other, have few values together. */
const areNeighbours = (one: Cell, next: Cell): boolean =>
  isFew(next) && one.whole.size + next.whole.size === 2 && next.whole.distance === one.whole.distance + 1;
