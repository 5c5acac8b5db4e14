import { displayed } from '../../format/shell.ts';
import type { Rule } from '../../trace/journey.ts';
import { type Conclusion, fromClues, fromJourney } from './conclusion.ts';
import { ADDRESS, type Missing, NETWORK_NUMBER } from './network.ts';
import { type Paint, SELF } from './paint.ts';
import { type Way, wayOf } from './path.ts';
import type { Command, Scene } from './scenes.ts';
import type { CapturedLine, Seen } from './watch.ts';

const INDENT = '   ';
/** `capture  `, `trace    ` */
const MARGIN = 9;
/** Captured lines say where and how a packet was seen, then what it was. */
const PLACE = 11;
const MOST_LINES = 4;

/** Writes what the demo does, and what it sees. */
export class Story {
  constructor(
    private readonly paint: Paint,
    private readonly write: (text: string) => void,
  ) {}

  line(text = ''): void {
    this.write(`${text.trimEnd()}\n`);
  }
  /** The network, with its names and addresses. */
  picture(): void {
    const { client, lan, bridge, web, db, overlayWeb, overlayDb, vm } = ADDRESS;
    const drawing = [
      `${' '.repeat(38)}┌─ web ${web}  vx0 ${overlayWeb} ─┐`,
      `client ─────── lan  router  br0 ──────┤                             VXLAN ${NETWORK_NUMBER}`,
      `${client}      ${lan}  ${bridge}   └─ db  ${db}  vx0 ${overlayDb} ─┘`,
      '               firewall, NAT',
      `               tap0 ────── vm ${vm}, a program`,
    ];
    for (const row of drawing) this.line(`${INDENT}${this.paint.style(this.paint.signs(row), 'cyan')}`);
  }
  opening(): void {
    this.line(this.paint.style('Where did my packet go, and who dropped it?', 'bold'));
    this.line('A small network, in namespaces that only this program can see, is broken in');
    this.line('several ways; this is what hooktap sees of it.');
    this.line();
    this.picture();
  }
  /** Without journeys. */
  poorer(why: string): void {
    this.line();
    for (const row of this.paint.wrap(`Packets, rules and counters, but no journeys: ${displayed(why)}.`, 0))
      this.line(this.paint.style(row, 'yellow'));
    this.line(`  try: sudo ${SELF} demo`);
  }
  leftOut({ why, remedy }: Missing): void {
    this.line(`${INDENT}${this.paint.style(`left out: ${displayed(why)}`, 'yellow')}`);
    if (remedy !== undefined) this.line(`${INDENT}  try: ${remedy.replace(/\bhooktap …/, `${SELF} demo`)}`);
  }
  end(seconds: number, kept: string | undefined): void {
    this.line();
    const file = kept === undefined ? '' : ` All packets are in ${displayed(kept)}.`;
    this.line(`Done in ${seconds.toFixed(1)} s; the network is gone, and nothing is left of it.${file}`);
    this.line(`On your own network:  sudo ${SELF} trace --dropped   what is dropped, and why`);
    this.line(`                      sudo ${SELF} capture -i any    what passes`);
  }
  title(number: number, { title }: Scene): void {
    this.line();
    this.line(this.paint.style(`${number}  ${title}`, 'bold'));
  }
  command({ host, prompt, text }: Command): void {
    const { paint } = this;
    const head = `${host}${prompt} `;
    this.line(`${INDENT}${paint.style(head, 'dim')}${paint.signs(paint.fit(text, INDENT.length + head.length))}`);
  }
  /** What was seen of a scene, and what follows from it. */
  seen(scene: Scene, seen: Seen, nameOf: (netns: number) => string): Conclusion | undefined {
    this.captured(shown(scene, seen.lines));
    const journey = seen.journeys.find(scene.about);
    if (journey === undefined) this.rules(seen.rules);
    else this.way(wayOf(journey, nameOf), journey.ending.outcome === 'dropped');
    const last = seen.journeys.find(scene.ends ?? (() => false)) ?? journey;
    const conclusion = last === undefined ? fromClues(scene, seen) : fromJourney(last, nameOf);
    this.conclude(conclusion);
    return conclusion;
  }
  private captured(lines: readonly CapturedLine[]): void {
    const { paint } = this;
    const rows = lines.slice(0, MOST_LINES).flatMap(({ device, way, text }) => {
      const [said, ...more] = this.packet(displayed(text));
      return [`${device} ${way}`.padEnd(PLACE) + said, ...more.map((row) => ' '.repeat(PLACE + 2) + row)];
    });
    for (const [i, row] of rows.entries()) this.labelled(i === 0 ? 'capture' : '', paint.style(row, 'dim'));
  }
  /** What a packet is, in as many rows as it takes; the options of TCP are cut. */
  private packet(text: string): string[] {
    const used = INDENT.length + MARGIN + PLACE;
    return text.includes(': Flags [') ? [this.paint.fit(text, used)] : this.paint.wrap(text, used + 2);
  }
  private way({ places, remarks, took }: Way, dropped: boolean): void {
    const { paint } = this;
    const end = dropped ? paint.signs('✗') : `${paint.signs('✓')}  ${Math.round(took / 1000)} us`;
    const rows = [`${places.join(` ${paint.signs('→')} `)} ${end}`, ...remarks.map(displayed)];
    for (const [i, row] of rows.entries()) {
      const indent = /^ */.exec(row)![0];
      const parts = paint.wrap(row.trimStart(), INDENT.length + MARGIN + indent.length);
      for (const [k, part] of parts.entries()) this.labelled(i + k === 0 ? 'trace' : '', indent + part);
    }
  }
  /** What is known of the way without journeys. */
  private rules(rules: readonly Rule[]): void {
    const texts = new Set(
      rules.map(({ family, table, chain, handle, text }) => `rule ${handle} of ${family} ${table} ${chain}: ${text}`),
    );
    const rows = [...texts].flatMap((text) => this.paint.wrap(displayed(text), INDENT.length + MARGIN));
    for (const [i, row] of rows.entries()) this.labelled(i === 0 ? 'rules' : '', row);
  }
  private labelled(label: string, text: string): void {
    this.line(`${INDENT}${this.paint.style(label.padEnd(MARGIN), 'dim')}${text}`);
  }
  private conclude(conclusion: Conclusion | undefined): void {
    const { paint } = this;
    const arrow = paint.signs('⇒').padEnd(2);
    const [first = '', ...more] = conclusion?.lines ?? ['it went no further; which hook dropped it takes BPF to tell'];
    const style = conclusion === undefined ? 'yellow' : conclusion.good ? 'green' : 'red';
    const rows = [...paint.wrap(displayed(first), INDENT.length + 3), ...more.map((text) => `  ${displayed(text)}`)];
    for (const [i, row] of rows.entries())
      this.line(
        `${INDENT}${paint.style(`${i === 0 ? arrow : '  '} ${row}`, style, ...(i === 0 ? ['bold' as const] : []))}`,
      );
  }
  mended({ host, prompt, text }: Command): void {
    const { paint } = this;
    this.line(`${INDENT}${paint.style(`mended by  ${host}${prompt} ${paint.signs(text)}`, 'dim')}`);
  }
}
/** The lines that a scene is about: neighbours and the overlay have packets of their own now and then. */
function shown({ packets, shown: [at, ...devices] }: Scene, lines: readonly CapturedLine[]): CapturedLine[] {
  return lines.filter(({ host, device, text }) => host === at && devices.includes(device) && packets.test(text));
}
