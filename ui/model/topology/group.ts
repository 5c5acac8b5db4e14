import type { Box } from './boxes.ts';
import { type Placed, place } from './placed.ts';
import { type Channel, channelOf, type Drawn, type Ends } from './routing.ts';
import type { Wire } from './wires.ts';

/** What a wire ends at: the row of a box. */
interface Pin {
  readonly placed: Placed;
  /** Below the box's upper border. */
  readonly line: number;
}
interface Joint {
  readonly own: Pin;
  readonly other: Pin;
}
const rowOf = ({ placed, line }: Pin): number => placed.row + line;
const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

/** Boxes that hang together, in columns with room for the wires between. */
export class Group {
  readonly placed: readonly Placed[];
  readonly drawn: Drawn[] = [];
  columns = 0;
  private readonly layers: readonly Placed[][];
  private readonly layerOf = new Map<Placed, number>();
  private readonly wires: readonly (Joint & { readonly wire: Wire })[];
  /** By the box that they lead from: every wire is there twice. */
  private readonly joints = new Map<Placed, Joint[]>();

  constructor(
    boxes: readonly (readonly Box[])[],
    wires: readonly Wire[],
    private readonly labels: boolean,
    /** Columns that there are; what takes more is not done to the end. */
    private readonly room: number,
  ) {
    this.layers = boxes.map((layer) => layer.map(place));
    this.placed = this.layers.flat();
    const pins = new Map<string, Pin>();
    for (const [i, layer] of this.layers.entries()) {
      for (const placed of layer) {
        this.layerOf.set(placed, i);
        this.joints.set(placed, []);
        for (const [line, { pin }] of placed.box.rows.entries()) pins.set(pin, { placed, line: line + 1 });
      }
    }
    this.wires = wires.flatMap((wire) => {
      const [own, other] = [pins.get(wire.from), pins.get(wire.to)];
      return own === undefined || other === undefined ? [] : [{ wire, own, other }];
    });
    for (const { own, other } of this.wires) {
      this.joints.get(own.placed)!.push({ own, other });
      this.joints.get(other.placed)!.push({ own: other, other: own });
    }
    this.stack();
    this.standBeside();
  }
  /** Boxes of a column below each other, each near to what it is joined with. */
  private stack(): void {
    const order = this.layers.map((_, i) => i);
    for (const i of order) {
      this.sort(i);
      this.settle(i, i - 1);
    }
    for (const i of order.toReversed()) this.settle(i, i + 1);
    for (const i of order) this.settle(i, i - 1);
    const top = Math.min(...this.placed.map(({ row }) => row));
    for (const each of this.placed) each.row -= top;
  }
  /** Like what they are joined with in the column before. */
  private sort(layer: number): void {
    const keys = new Map<Placed, number>();
    for (const each of this.layers[layer]!) {
      const joints = this.jointsWith(each, layer - 1);
      keys.set(each, joints.length === 0 ? 0 : mean(joints.map(({ other }) => rowOf(other))));
    }
    this.layers[layer]!.sort((a, b) => keys.get(a)! - keys.get(b)! || (a.box.title < b.box.title ? -1 : 1));
  }
  private settle(layer: number, beside: number): void {
    const boxes = this.layers[layer]!;
    const wanted = boxes.map((each) => {
      const joints = this.jointsWith(each, beside);
      return joints.length === 0
        ? undefined
        : Math.round(mean(joints.map(({ own, other }) => rowOf(other) - own.line)));
    });
    let free = Number.NEGATIVE_INFINITY;
    for (const [i, each] of boxes.entries()) {
      each.row = Math.max(wanted[i] ?? each.row, free);
      free = each.row + each.rows;
    }
    // What had to make place for others goes back together with them, so that all are as near as they can be.
    const shift = Math.round(mean(boxes.map((each, i) => each.row - (wanted[i] ?? each.row))));
    for (const each of boxes) each.row -= shift;
  }
  private jointsWith(placed: Placed, layer: number): Joint[] {
    return this.joints.get(placed)!.filter(({ other }) => this.layerOf.get(other.placed) === layer);
  }
  private standBeside(): void {
    let column = 0;
    for (const [i, layer] of this.layers.entries()) {
      const columns = Math.max(...layer.map((each) => each.columns));
      for (const each of layer) Object.assign(each, { column, columns });
      column += columns;
      const channel = this.channel(i);
      for (const each of channel.drawn)
        this.drawn.push({ ...each, left: column - 1, column: column + each.column, right: column + channel.columns });
      column += channel.columns;
    }
    this.columns = column;
  }
  /** What runs behind a column: to the next one, or between boxes of this one. */
  private channel(layer: number): Channel {
    const ends = this.wires.flatMap(({ wire, own, other }): Ends[] => {
      const [a, b] = [this.layerOf.get(own.placed)!, this.layerOf.get(other.placed)!];
      if (Math.min(a, b) !== layer) return [];
      const loop = a === b;
      const turned = loop ? rowOf(own) > rowOf(other) : a > b;
      const [from, to] = turned ? [other, own] : [own, other];
      return [{ wire, turned, loop, fromRow: rowOf(from), toRow: rowOf(to) }];
    });
    return channelOf(ends, this.labels, this.room);
  }
}
