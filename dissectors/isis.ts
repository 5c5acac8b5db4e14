import { read8 } from '../src/bytes/kind.ts';
import { protocol, table } from '../src/dissect/protocol.ts';
import { csnp, hello, isis, lsp, psnp } from './isis/fields.ts';
import { UNIT } from './isis/names.ts';
import { csnpRows, helloRows, lspRows, psnpRows } from './isis/rows.ts';
import { isisText } from './isis/text.ts';
import { isoChecksum } from './osi/checksum.ts';

/** Keyed by the type of unit. */
const unitTable = table('isis.type', 0x100);
const SOURCE = 'ISO/IEC 10589';

/** Intermediate System to Intermediate System, the routing protocol. */
export const intermediateSystems = protocol(isis, {
  title: 'Intermediate System to Intermediate System',
  source: `${SOURCE}, RFC 1195`,
  on: { 'osinl.incl': 0x83 },
  opens: [unitTable],
  step: (frame, bytes, at, end) => frame.handOn(unitTable, isis.type.read(bytes, at), at + isis.$size, end),
  line: (w, frame, d) => isisText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
export const isisHello = protocol(hello, {
  title: 'IS-IS Hello',
  source: SOURCE,
  on: { 'isis.type': [UNIT.lan1, UNIT.lan2, UNIT.pointToPoint] },
  expand: helloRows,
});
/** Where the link state's ID lies, from which on the checksum counts, and the checksum from there. */
const AT = { id: 4, sum: 12 } as const;
export const isisLinkState = protocol(lsp, {
  title: 'IS-IS Link State',
  source: SOURCE,
  on: { 'isis.type': [UNIT.state1, UNIT.state2] },
  expand: lspRows,
  check(frame, d) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const length = lsp.pdu_length.read(bytes, at) - isis.$size;
    const sum = lsp.checksum.read(bytes, at);
    if (sum === 0 || length < lsp.$size || at + length > frame.limit(d)) return;
    frame.verified(d, isoChecksum((i) => read8(bytes, at + AT.id + i), AT.sum, length - AT.id) === sum);
  },
});
export const isisComplete = protocol(csnp, {
  title: 'IS-IS Complete Sequence Numbers',
  source: SOURCE,
  on: { 'isis.type': [UNIT.complete1, UNIT.complete2] },
  expand: csnpRows,
});
/** Wireshark's names for what both kinds of sequence numbers list are those of the complete ones. */
const listed = csnp.$all.filter(({ name }) => name.startsWith('isis.csnp.lsp_'));
export const isisPartial = protocol(
  { ...psnp, $all: [...psnp.$all, ...listed] },
  {
    title: 'IS-IS Partial Sequence Numbers',
    source: SOURCE,
    on: { 'isis.type': [UNIT.partial1, UNIT.partial2] },
    expand: psnpRows,
  },
);
