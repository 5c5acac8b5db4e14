import { header } from '../src/bytes/field.ts';
import { read8, read24 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { hex, say } from './say.ts';

/** Subnetwork access, ISO network protocols and IP, in unnumbered information. */
const LLC_HEADERS: ReadonlySet<number> = new Set([0xaaaa03, 0xfefe03, 0x060603]);
/** A driver that puts a header of IEEE 802.6 in front. */
const QUEUED = 20;
/** Cisco leaves out all of LLC but the last byte; an identifier of the network layer follows. */
const UI = 0x03;

/** What ATM carries has no header of its own but that of LLC. */
export const atm = protocol(header('atm', {}), {
  title: 'LLC over ATM',
  source: 'LINKTYPE_ATM_RFC1483, RFC 2684',
  link: true,
  framing: true,
  on: { link: 100 },
  step(frame, bytes, at, end) {
    if (at >= frame.end) return NONE;
    if (read8(bytes, at) === UI) return frame.passOn(frame.registry.id('osi'), at + 1, end);
    if (at + 3 > frame.end) return NONE;
    const llc = LLC_HEADERS.has(read24(bytes, at)) ? at : at + QUEUED;
    return frame.passOn(frame.registry.id('llc'), llc, end);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    w.label = 'atm';
    if (w.u8(at) === UI) {
      if (w.link) w.str('CNLPID ');
      w.linkHeader = 1;
    } else if (!LLC_HEADERS.has(w.u24(at))) {
      const [a, b, c, e] = [0, 4, 8, 12].map((place) => (w.link ? hex(w.u32(at + place), 8) : ''));
      if (w.link) say(w, `${a}${b} ${c}${e} `);
      if (!w.need(at, QUEUED)) return;
    }
    w.next(frame, d);
  },
});
