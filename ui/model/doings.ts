import { setImmediate } from 'node:timers/promises';
import type { Registry } from '../../src/dissect/registry.ts';
import { ToolError } from '../../src/error.ts';
import type { App, Deeds } from '../app.ts';
import type { Action } from '../keys.ts';
import type { AddressNames } from './address-names.ts';
import { completeFilter, judgeFilter } from './filter-line.ts';
import type { JourneyLog } from './journey-log.ts';
import type { Listed } from './listed.ts';
import type { PacketsView } from './packets-view.ts';
import { type Line, span } from './pane.ts';
import { remember } from './prompt.ts';
import { safe } from './safe-text.ts';
import { save } from './save.ts';
import type { PacketStore } from './store.ts';
import type { Subject, View, ViewName } from './view.ts';

export interface Parts {
  readonly registry: Registry;
  readonly store: PacketStore;
  readonly listed: Listed;
  readonly packets: PacketsView;
  readonly names: AddressNames;
  /** Absent where nothing is live. */
  readonly log: JourneyLog | undefined;
}
/** What keys do beside moving around: filters, searches, what goes out to files, the clipboard, the tracer. */
export class Doings implements Deeds {
  private readonly filters: string[] = [];
  private readonly searches: string[] = [];
  private readonly files: string[] = [];
  /** What was looked for last in each view. */
  private readonly sought = new Map<ViewName, string>();

  constructor(private readonly parts: Parts) {}
  get version(): number {
    // The end of a search for matches is told also when the last packets were none.
    return this.parts.store.version + this.parts.listed.version + (this.busy ? 0.5 : 0);
  }
  get busy(): boolean {
    const { store, listed } = this.parts;
    return store.state === 'filling' || listed.progress !== undefined;
  }
  status(): Line {
    const { store, listed } = this.parts;
    const line = [span(`${store.count.toLocaleString('en')} packets`, 'plain')];
    if (listed.filter !== '') line.push(span(`, ${listed.length.toLocaleString('en')} match`, 'good'));
    const progress = store.progress ?? listed.progress;
    if (progress !== undefined) line.push(span(` ${Math.floor(progress * 100)}%`, 'warning'));
    if (store.first > 0) line.push(span(`, ${store.first.toLocaleString('en')} let go`, 'warning'));
    if (store.lost > 0) line.push(span(`, ${store.lost.toLocaleString('en')} lost`, 'bad'));
    if (listed.frozen) line.push(span(' frozen', 'warning'));
    else if (store.state === 'live') line.push(span(' live', 'good'));
    else if (store.state === 'ended') line.push(span(' ended', 'warning'));
    if (store.failure !== undefined) line.push(span(` ${safe(store.failure.message)}`, 'bad'));
    return line;
  }
  get filtered(): string {
    return this.parts.listed.filter;
  }
  filter(text: string): void {
    this.parts.listed.setFilter(text);
  }
  act(action: Action, subject: Subject | undefined, app: App): string | boolean {
    const { listed } = this.parts;
    switch (action) {
      case 'filter':
        return this.askForFilter(app);
      case 'filter-by':
        if (subject?.filter === undefined) return 'nothing is selected that a filter could tell';
        app.go({ view: 'packets', filter: subject.filter });
        remember(subject.filter, this.filters);
        return `filter: ${subject.filter}`;
      case 'clear-filter':
        listed.setFilter('');
        return 'all packets';
      case 'freeze':
        listed.freeze();
        return listed.frozen ? 'frozen: what comes is kept, and shown when you press p again' : true;
      case 'names':
        return this.switchNames();
      case 'search':
        return this.askForText(app);
      case 'search-next':
      case 'search-previous':
        return this.search(app, action === 'search-previous');
      case 'goto':
        return this.askForNumber(app);
      case 'copy':
        return this.copy(subject, app);
      case 'trace':
        return this.trace(subject, app);
      case 'save':
        return this.askForFile(app);
      default:
        return false;
    }
  }
  private askForFilter(app: App): true {
    const { registry, listed } = this.parts;
    app.ask({
      label: 'filter',
      start: listed.filter,
      history: this.filters,
      judge: (text) => judgeFilter(text, registry),
      complete: (text, at) => completeFilter(text, at, registry),
      done: (text) => {
        try {
          listed.setFilter(text);
          app.go({ view: 'packets' });
          return true;
        } catch (error) {
          if (error instanceof ToolError) return false;
          throw error;
        }
      },
    });
    return true;
  }
  private askForText(app: App): string | true {
    if (app.current.search === undefined) return 'there is nothing to search here';
    app.ask({
      label: 'search',
      history: this.searches,
      done: (text) => {
        this.sought.set(app.current.name, text);
        const answer = this.search(app, false);
        if (answer !== true) app.say(answer);
        return true;
      },
    });
    return true;
  }
  private search(app: App, backwards: boolean): string | true {
    const { current } = app;
    const sought = this.sought.get(current.name);
    if (current.search === undefined) return 'there is nothing to search here';
    if (sought === undefined || (sought === '' && current.name === 'packets'))
      return 'nothing was looked for yet: press s';
    const found = current.search(sought, backwards);
    if (typeof found === 'boolean') return found || `no "${sought}" in what is listed`;
    void this.searchOn(app, current, sought, backwards);
    return true;
  }
  /** Looks through the rest piece by piece; any key ends it. */
  private async searchOn(app: App, view: View, text: string, backwards: boolean): Promise<void> {
    const { interruptions } = app;
    for (;;) {
      await setImmediate();
      if (app.interruptions !== interruptions) return;
      const found = view.search!(text, backwards);
      if (typeof found === 'boolean') return app.say(found ? '' : `no "${text}" in what is listed`);
      app.say(`looking for "${text}": ${Math.floor(found.looked * 100)}%`);
    }
  }
  private askForNumber(app: App): true {
    const { packets, store } = this.parts;
    app.ask({
      label: 'packet',
      history: [],
      judge: (text) =>
        /^\d*$/.test(text)
          ? { style: 'good', says: `${store.first + 1} to ${store.count}` }
          : { style: 'bad', says: 'a number' },
      done: (text) => {
        if (!/^\d+$/.test(text)) return false;
        if (!packets.goTo(Number(text))) app.say(`packet ${text} is not listed: this one is next to it`);
        return true;
      },
    });
    return true;
  }
  private askForFile(app: App): true {
    const { listed } = this.parts;
    const what = listed.filter === '' ? 'all packets' : 'the packets that match';
    app.ask({
      label: `save ${what} as pcapng to`,
      history: this.files,
      done: (path) => {
        if (path.trim() === '') return false;
        void this.save(path.trim(), app);
        return true;
      },
    });
    return true;
  }
  private async save(path: string, app: App): Promise<void> {
    const { store, listed } = this.parts;
    try {
      const count = await save(store, {
        path,
        matches: listed.matching,
        signal: this.leaving(app),
        progress: (packets) => app.say(`saving: ${packets.toLocaleString('en')} packets gone through`),
      });
      app.say(`${count.toLocaleString('en')} packets are in ${path}`);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      app.say(error.hint === undefined ? error.message : `${error.message}: try ${error.hint}`);
    }
  }
  private leaving(app: App): AbortSignal {
    const controller = new AbortController();
    void app.done.then(() => controller.abort());
    return controller.signal;
  }
  private trace(subject: Subject | undefined, app: App): string | true {
    const { log } = this.parts;
    if (log === undefined) return 'a file cannot be traced: hooktap ui -i any';
    const { name } = app.current;
    if (log.state === 'tracing' && (name === 'journeys' || name === 'drops')) {
      void log.stop();
      return 'tracing no more';
    }
    const expression = subject?.expression ?? '';
    app.go({ view: 'journeys' });
    void log.start(expression);
    return expression === '' ? 'tracing all packets: t stops' : `tracing ${expression}: t stops`;
  }
  private switchNames(): string {
    const { names } = this.parts;
    names.shown = !names.shown;
    const { size } = names;
    if (!names.shown) return 'addresses';
    return size === 0
      ? 'names, as soon as an answer of DNS tells one'
      : `names of ${size.toLocaleString('en')} addresses, from answers of DNS`;
  }
  private copy(subject: Subject | undefined, app: App): string {
    if (subject?.expression === undefined) return "nothing is selected that tcpdump's language could tell";
    app.copy(subject.expression);
    return `copied: ${subject.expression}`;
  }
}
