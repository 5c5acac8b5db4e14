declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type { Widgets } from 'blessed';

  /** One of its curves; `style.line` is a number of the palette. */
  interface Series {
    title: string;
    x: string[];
    y: number[];
    style: { line: number };
  }
  interface LineElement extends Widgets.BoxElement {
    setData(series: Series[]): void;
  }
  export default function line(options: Widgets.BoxOptions & Record<string, unknown>): LineElement;
}
