import { bits, header, bytes as raw, u8, u16 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { clnpText, ERROR_REPORT, UNITS } from './clnp/text.ts';
import { inOrder } from './in-order.ts';
import { NLPIDS } from './names/nlpids.ts';
import { checkIso } from './osi/checksum.ts';
import { optionRows, osiOptions } from './osi/options.ts';

const SIZE = { unit: 'bytes' } as const;
const clnp = header(
  'clnp',
  {
    nlpi: u8('Network layer protocol', { base: 'hex', names: NLPIDS }),
    len: u8('Length of the header', SIZE),
    version: u8('Version'),
    ttl: u8('Lifetime', { unit: 'half seconds' }),
    type: u8('Flags and type'),
    'cnf.segmentation': bits('type', 0x80, 'Segmentation permitted'),
    'cnf.more_segments': bits('type', 0x40, 'More segments'),
    'cnf.report_error': bits('type', 0x20, 'Report errors'),
    'cnf.type': bits('type', 0x1f, 'Type', { names: UNITS }),
    'pdu.len': u16('Length of the segment', SIZE),
    checksum: u16('Checksum'),
  },
  {
    'dsap.len': u8('Length of the destination', SIZE),
    dsap: raw('Destination'),
    'ssap.len': u8('Length of the source', SIZE),
    ssap: raw('Source'),
    data_unit_identifier: u16('Identification'),
    segment_offset: u16('Place of the segment', SIZE),
    total_length: u16('Length of all segments', SIZE),
  },
);
const SEGMENT = [clnp.data_unit_identifier, clnp.segment_offset, clnp.total_length];
const CLNP = 0x81;

/** The connectionless network protocol of ISO. */
export const connectionlessNetwork = protocol(
  { ...clnp, $all: [...clnp.$all, ...osiOptions.$all] },
  {
    title: 'Connectionless Network Protocol',
    source: 'ISO/IEC 8473-1, ITU-T X.233',
    on: { 'osinl.incl': CLNP },
    step(frame, bytes, at, end) {
      const data = at + clnp.len.read(bytes, at);
      // A report of an error begins with the header that it is about (clause 7.9.6).
      const isReport = clnp['cnf.type'].read(bytes, at) === ERROR_REPORT;
      return frame.passOn(isReport ? frame.registry.id('clnp') : NONE, data, end);
    },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const head = frame.from[d]!;
      const end = Math.min(frame.limit(d), head + clnp.len.read(bytes, head));
      let at = head + clnp.$size;
      for (const [length, address] of [
        [clnp['dsap.len'], clnp.dsap],
        [clnp['ssap.len'], clnp.ssap],
      ] as const) {
        if (at >= end) return;
        const next = at + 1 + read8(bytes, at);
        visit(length, at, at + 1);
        if (next > end) return;
        if (next > at + 1) visit(address, at + 1, next);
        at = next;
      }
      if (clnp['cnf.segmentation'].read(bytes, head) === 1) at = inOrder(SEGMENT, at, end, visit);
      optionRows(bytes, at, end, visit);
    },
    check: (frame, d) => checkIso(frame, d, clnp.len, clnp.checksum),
    line: (w, frame, d) => clnpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
  },
);
