import { bits, type Field, type FieldSpec, header, mac, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8, u8Kind, u16Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { part } from './part.ts';
import { AT, CIST_SIZE, CONFIG_ID, CONFIG_SIZE, RAPID_SIZE, SPB, TREE, TYPE, VERSION } from './stp/layout.ts';
import { stpText } from './stp/text.ts';

/** A priority keeps its place in the sixteen bits, as people configure it: 4096, 8192… */
const priority = (label: string): FieldSpec => part(u16Kind, 0xf000, label, {}, 0x1000);
const extension = (label: string): FieldSpec => part(u16Kind, 0x0fff, label);
const seconds = (label: string): FieldSpec => {
  const ticks = u16Kind.read!(0);
  return {
    kind: {
      ...u16Kind,
      name: '1/256 s',
      read: () => (bytes, at) => ticks(bytes, at) / 256,
      write: (w, bytes, from) => w.str(String(ticks(bytes, from) / 256)),
      parse(typed) {
        const value = Number(typed);
        if (!(value >= 0)) throw new RangeError(`"${typed}" is not a number of seconds`);
        return value;
      },
    },
    label,
    unit: 'seconds',
  };
};
const ROLES = { 0: 'Unknown', 1: 'Alternate or backup', 2: 'Root', 3: 'Designated' };

const stp = header(
  'stp',
  {
    protocol: u16('Protocol identifier', { base: 'hex' }),
    version: u8('Version', { names: { 0: 'Spanning Tree', 2: 'Rapid', 3: 'Multiple', 4: 'Shortest Path' } }),
    type: u8('Type', { base: 'hex', names: { 0: 'Configuration', 2: 'Rapid', 128: 'Topology Change' } }),
  },
  {
    flags: u8('Flags', { base: 'hex' }),
    'flags.tcack': bits('flags', 0x80, 'Topology change acknowledgment'),
    'flags.agreement': bits('flags', 0x40, 'Agreement'),
    'flags.forwarding': bits('flags', 0x20, 'Forwarding'),
    'flags.learning': bits('flags', 0x10, 'Learning'),
    'flags.port_role': bits('flags', 0x0c, 'Port role', { names: ROLES }),
    'flags.proposal': bits('flags', 0x02, 'Proposal'),
    'flags.tc': bits('flags', 0x01, 'Topology change'),
    'root.prio': priority('Root priority'),
    'root.ext': extension('Root system ID extension'),
    'root.hw': mac('Root'),
    'root.cost': u32('Root path cost'),
    'bridge.prio': priority('Bridge priority'),
    'bridge.ext': extension('Bridge system ID extension'),
    'bridge.hw': mac('Bridge'),
    port: u16('Port', { base: 'hex' }),
    msg_age: seconds('Message age'),
    max_age: seconds('Maximum age'),
    hello: seconds('Hello time'),
    forward: seconds('Forward delay'),
    version_1_length: u8('Version 1 length', { unit: 'bytes' }),
    'pvst.tlvtype': u16('Record type'),
    'pvst.tlvlen': u16('Record length', { unit: 'bytes' }),
    'pvst.origvlan': u16('Originating VLAN'),
    'pvst.tlvval': raw('Record value'),
  },
);
const mstp = header(
  'mstp',
  {},
  {
    version_3_length: u16('Version 3 length', { unit: 'bytes' }),
    config_format_selector: u8('Configuration identifier format'),
    config_name: text('Region'),
    config_revision_level: u16('Revision of the configuration'),
    config_digest: raw('Digest of the configuration'),
    cist_internal_root_path_cost: u32('Internal root path cost'),
    'cist_bridge.prio': priority('Common bridge priority'),
    'cist_bridge.ext': extension('Common bridge system ID extension'),
    'cist_bridge.hw': mac('Common bridge'),
    cist_remaining_hops: u8('Remaining hops'),
    'msti.flags': u8('Flags of the instance', { base: 'hex' }),
    'msti.priority': part(u8Kind, 0xf0, 'Regional root priority'),
    'msti.msti_id': extension('Instance'),
    'msti.root.hw': mac('Regional root'),
    'msti.root_cost': u32('Internal root path cost of the instance'),
    'msti.bridge_priority': part(u8Kind, 0xf0, 'Bridge priority of the instance', { unit: '4096' }),
    'msti.port_priority': part(u8Kind, 0xf0, 'Port priority of the instance', { unit: '16' }),
    'msti.remaining_hops': u8('Remaining hops of the instance'),
    version_4_length: u16('Version 4 length', { unit: 'bytes' }),
    'agree_flags.agreement_num': part(u8Kind, 0x03, 'Agreement number'),
    'agree_flags.dagreement_num': part(u8Kind, 0x0c, 'Discarded agreement number'),
    'agree_flags.agreement_valid': part(u8Kind, 0x10, 'Agreement valid'),
    'agree_flags.rest_role': part(u8Kind, 0x20, 'Restricted role'),
    agreement_digest: raw('Agreement digest'),
  },
);

/** Bridge protocol data units: spanning tree and its successors. */
export const spanningTree = protocol(
  { ...stp, $all: [...stp.$all, ...mstp.$all] },
  {
    title: 'Spanning Tree Protocol',
    source: 'IEEE 802.1D, 802.1Q',
    summary: 'Spanning Tree Protocol',
    // The per-VLAN trees of Cisco, the older ones and those in shared VLANs.
    on: { 'llc.dsap': 0x42, 'llc.cisco_pid': [0x0108, 0x0109, 0x010b, 0x010c] },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const at = frame.from[d]!;
      const end = frame.limit(d);
      const type = stp.type.read(bytes, at);
      if (stp.protocol.read(bytes, at) !== 0 || (type !== TYPE.config && type !== TYPE.rapid)) return;
      run([type === TYPE.config ? CLASSIC_FLAGS : FLAGS, ...CONFIG], at + AT.flags, end, visit);
      if (type === TYPE.rapid) run([stp.version_1_length], at + AT.version1Length, end, visit);
      if (type === TYPE.rapid && stp.version.read(bytes, at) >= VERSION.multiple) visitTrees(frame, at, end, visit);
      else if (at + (type === TYPE.config ? CONFIG_SIZE : RAPID_SIZE) < end) visitPerVlan(frame, d, end, visit);
    },
    line: (w, frame, d) => stpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
  },
);

const FLAGS = stp.$all.filter((field) => field.name.startsWith('stp.flags'));
/** The other bits came with rapid spanning tree. */
const CLASSIC_FLAGS = [stp.flags, stp['flags.tcack'], stp['flags.tc']];
const CONFIG: readonly (Field | readonly Field[])[] = [
  [stp['root.prio'], stp['root.ext']],
  stp['root.hw'],
  stp['root.cost'],
  [stp['bridge.prio'], stp['bridge.ext']],
  stp['bridge.hw'],
  stp.port,
  stp.msg_age,
  stp.max_age,
  stp.hello,
  stp.forward,
];
const INSTANCE: readonly (Field | readonly Field[])[] = [
  mstp['msti.flags'],
  mstp['msti.msti_id'],
  mstp['msti.root.hw'],
  mstp['msti.root_cost'],
  mstp['msti.bridge_priority'],
  mstp['msti.port_priority'],
  mstp['msti.remaining_hops'],
];
/** Visits fields one after the other, as far as there are bytes; those in a list share a place. */
function run(fields: readonly (Field | readonly Field[])[], from: number, end: number, visit: Visit): void {
  let at = from;
  for (const place of fields) {
    const here = 'length' in place ? place : [place];
    const next = at + here[0]!.size;
    if (next > end) return;
    for (const field of here) visit(field, at, next);
    at = next;
  }
}

function visitTrees(frame: Frame, at: number, end: number, visit: Visit): void {
  if (at + AT.trees > end) return;
  const length = mstp.version_3_length.read(frame.bytes, at + AT.version3Length);
  visit(mstp.version_3_length, at + AT.version3Length, at + AT.configId);
  visitConfigId(frame, at + AT.configId, end, visit);
  visit(mstp.cist_internal_root_path_cost, at + AT.cistCost, at + AT.cistBridge);
  run(COMMON, at + AT.cistBridge, end, visit);
  const treesEnd = Math.min(end, at + AT.trees + length - CIST_SIZE);
  for (let tree = at + AT.trees; tree + TREE.size <= treesEnd; tree += TREE.size) {
    run(INSTANCE.slice(0, 1), tree, end, visit);
    visit(mstp['msti.priority'], tree + TREE.root, tree + TREE.root + 1);
    run(INSTANCE.slice(1), tree + TREE.root, end, visit);
  }
  const paths = at + RAPID_SIZE + 2 + length;
  if (stp.version.read(frame.bytes, at) === VERSION.shortestPath && paths >= at + AT.trees && paths + SPB.size <= end)
    visitPaths(frame, paths, end, visit);
}
const COMMON = [[mstp['cist_bridge.prio'], mstp['cist_bridge.ext']], mstp['cist_bridge.hw'], mstp.cist_remaining_hops];
/** The caller knows that it was captured. The name is padded with zeros. */
function visitConfigId(frame: Frame, at: number, end: number, visit: Visit): void {
  visit(mstp.config_format_selector, at, at + CONFIG_ID.name);
  const name = at + CONFIG_ID.name;
  let nameEnd = name;
  while (nameEnd < at + CONFIG_ID.revision && read8(frame.bytes, nameEnd) !== 0) nameEnd++;
  visit(mstp.config_name, name, nameEnd);
  run([mstp.config_revision_level], at + CONFIG_ID.revision, end, visit);
  visit(mstp.config_digest, at + CONFIG_ID.digest, at + CONFIG_ID.size);
}
function visitPaths(frame: Frame, at: number, end: number, visit: Visit): void {
  visit(mstp.version_4_length, at, at + SPB.configId);
  visitConfigId(frame, at + SPB.configId, end, visit);
  run([AGREEMENT], at + SPB.agreement, end, visit);
  visit(mstp.agreement_digest, at + SPB.digest, at + SPB.size);
}
const AGREEMENT = mstp.$all.filter((field) => field.name.startsWith('mstp.agree_flags'));

/** Cisco's trees for each VLAN say which VLAN they mean, in a record after the unit. */
function visitPerVlan(frame: Frame, d: number, end: number, visit: Visit): void {
  let at = frame.from[d]! + RAPID_SIZE;
  while (at + 4 <= end) {
    const length = stp['pvst.tlvlen'].read(frame.bytes, at + 2);
    if (at + 4 + length > end) return;
    const isVlan = stp['pvst.tlvtype'].read(frame.bytes, at) === 0 && length === 2;
    visit(stp['pvst.tlvtype'], at, at + 2);
    visit(stp['pvst.tlvlen'], at + 2, at + 4);
    if (length > 0) visit(isVlan ? stp['pvst.origvlan'] : stp['pvst.tlvval'], at + 4, at + 4 + length);
    at += 4 + length;
  }
}
