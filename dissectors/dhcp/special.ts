import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { dhcp } from './fields.ts';
import { prefixOctets } from './kinds.ts';

/** An option's body, which is not empty and was captured. False: it is not made as its definition says. */
type Special = (bytes: Uint8Array, from: number, to: number, visit: Visit) => boolean;

/** Visits a body that is no run of values of one kind. */
export function visitSpecial(bytes: Uint8Array, code: number, from: number, to: number, visit: Visit): boolean {
  return SPECIALS[code]?.(bytes, from, to, visit) ?? false;
}
const pairs =
  (first: Field, second: Field): Special =>
  (_bytes, from, to, visit) => {
    if ((to - from) % 8 !== 0) return false;
    for (let at = from; at < to; at += 8) inOrder([first, second], at, to, visit);
    return true;
  };
/** RFC 3442: a width, so much of the destination as it covers, and a router. */
const routes: Special = (bytes, from, to, visit) => {
  for (let at = from; at < to; ) {
    const width = read8(bytes, at);
    const next = at + 1 + prefixOctets(width) + 4;
    if (width > 32 || next > to) return at > from;
    visit(dhcp['option.classless_static_route']!, at, next);
    at = next;
  }
  return true;
};
/** RFC 2132 section 9.14: type 0 tells a text, others a hardware address. */
const clientId: Special = (bytes, from, to, visit) => {
  visit(dhcp['client_id.type'], from, from + 1);
  if (from + 1 < to) visit(read8(bytes, from) === 0 ? dhcp['client_id.undef'] : dhcp.client_id, from + 1, to);
  return true;
};
/** RFC 3004: texts with their lengths; many clients send one text and no length. */
const userClass: Special = (bytes, from, to, visit) => {
  let at = from;
  while (at < to && read8(bytes, at) > 0) at += 1 + read8(bytes, at);
  if (at !== to) {
    visit(dhcp['option.user_class.text'], from, to);
    return true;
  }
  for (at = from; at < to; at += 1 + read8(bytes, at)) {
    visit(dhcp['option.user_class.length'], at, at + 1);
    visit(dhcp['option.user_class.data'], at + 1, at + 1 + read8(bytes, at));
  }
  return true;
};
const CLIENT_NAME = [
  dhcp['fqdn.flags'],
  dhcp['fqdn.n'],
  dhcp['fqdn.e'],
  dhcp['fqdn.o'],
  dhcp['fqdn.s'],
  dhcp['fqdn.rcode1'],
  dhcp['fqdn.rcode2'],
];
/** RFC 4702. */
const clientName: Special = (_bytes, from, to, visit) => {
  if (to - from < 3) return false;
  const name = inOrder(CLIENT_NAME, from, to, visit);
  if (name < to) visit(dhcp['fqdn.name'], name, to);
  return true;
};
const AGENT = 'option.agent_information_option';
const SUBOPTIONS: Readonly<Record<number, Field | undefined>> = {
  1: dhcp[`${AGENT}.agent_circuit_id`],
  2: dhcp[`${AGENT}.agent_remote_id`],
  4: dhcp[`${AGENT}.docsis_device_class`],
  5: dhcp[`${AGENT}.link_selection`],
  6: dhcp[`${AGENT}.subscriber_id`],
  11: dhcp[`${AGENT}.server_id_override`],
  12: dhcp[`${AGENT}.relay_agent_id`],
};
/** RFC 3046: what relay agents add. */
const agentInformation: Special = (bytes, from, to, visit) => {
  for (let at = from; at + 2 <= to; ) {
    const body = at + 2;
    const next = body + read8(bytes, at + 1);
    visit(dhcp[`${AGENT}.suboption`]!, at, at + 1);
    visit(dhcp['option.suboption_length'], at + 1, body);
    if (next > to) return true;
    const field = SUBOPTIONS[read8(bytes, at)];
    const fits = field !== undefined && (field.size === 0 || field.size === next - body);
    if (next > body) visit(fits ? field : dhcp[`${AGENT}.value`]!, body, next);
    at = next;
  }
  return true;
};

const SPECIALS: Readonly<Record<number, Special>> = {
  21: pairs(dhcp['option.policy_filter.ip'], dhcp['option.policy_filter.subnet_mask']),
  33: pairs(dhcp['option.static_route.ip'], dhcp['option.static_route.router']),
  61: clientId,
  77: userClass,
  81: clientName,
  82: agentInformation,
  119: (_bytes, from, to, visit) => {
    visit(dhcp['option.dhcp_dns_domain_search_list_fqdn'], from, to);
    return true;
  },
  121: routes,
  249: routes,
};
