import { ipv6 as address, bits, header, bytes as raw, u8, u16, u32 } from '../../src/bytes/field.ts';
import { IP_PROTOCOLS } from '../names/ipprotocols.ts';

/**
 * IPv6's fixed header (RFC 8200 section 3). The options of its extension headers are declared here too: there are two
 * such headers, and as in Wireshark the options of both have one name.
 */
export const ipv6Header = header(
  'ipv6',
  {
    first: u32('Version, traffic class and flow label', { base: 'hex' }),
    version: bits('first', 0xf000_0000, 'Version', { also: 'ip.version' }),
    tclass: bits('first', 0x0ff0_0000, 'Traffic class', { base: 'hex' }),
    'tclass.dscp': bits('first', 0x0fc0_0000, 'Differentiated services codepoint'),
    'tclass.ecn': bits('first', 0x0030_0000, 'Explicit congestion notification', {
      names: { 0: 'Not-ECT', 1: 'ECT(1)', 2: 'ECT(0)', 3: 'CE' },
    }),
    flow: bits('first', 0x000f_ffff, 'Flow label', { base: 'hex' }),
    plen: u16('Payload length', { unit: 'bytes' }),
    nxt: u8('Next header', { names: IP_PROTOCOLS }),
    hlim: u8('Hop limit', { unit: 'hops' }),
    src: address('Source address', { also: 'ipv6.addr' }),
    dst: address('Destination address', { also: 'ipv6.addr' }),
  },
  {
    'opt.type': u8('Option type', {
      base: 'hex',
      names: {
        0: 'Pad1',
        1: 'PadN',
        4: 'Tunnel encapsulation limit',
        5: 'Router alert',
        7: 'CALIPSO',
        8: 'SMF_DPD',
        15: 'Performance and diagnostic metrics',
        17: 'IOAM destination',
        35: 'RPL',
        38: 'Quick-start',
        48: 'Minimum path MTU',
        49: 'IOAM',
        99: 'RPL',
        109: 'MPL',
        139: 'ILNP nonce',
        140: 'Line identification',
        194: 'Jumbo payload',
        201: 'Home address',
        238: 'IP_DFF',
      },
    }),
    'opt.length': u8('Option length', { unit: 'bytes' }),
    'opt.padn': raw('Padding'),
    'opt.router_alert': u16('Router alert', {
      names: { 0: 'Multicast listener discovery', 1: 'RSVP', 2: 'Active networks' },
    }),
    'opt.tel': u8('Tunnel encapsulation limit'),
    'opt.jumbo': u32('Payload length', { unit: 'bytes' }),
    'opt.mipv6.home_address': address('Home address'),
    'opt.pmtu.min': u16('Minimum path MTU seen', { unit: 'bytes' }),
    'opt.pmtu.rtn': u16('Minimum path MTU returned', { unit: 'bytes' }),
    'opt.rpl.flag': u8('RPL flags', { base: 'hex' }),
    'opt.rpl.instance_id': u8('RPL instance'),
    'opt.rpl.sender_rank': u16('Rank of the sender', { base: 'hex' }),
    'opt.unknown': raw('Option data'),
  },
);
