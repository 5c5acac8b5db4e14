import {
  type Field,
  type FieldSpec,
  header,
  bytes as raw,
  text,
  u8,
  u16,
  u24,
  u32,
  u48,
} from '../../src/bytes/field.ts';
import { ALERTS, CONTENT_TYPES, EXTENSIONS, GROUPS, HANDSHAKES, SIGNATURES, VERSIONS } from '../names/tls.ts';
import { CIPHER_SUITES } from '../names/tls-ciphers.ts';
import { CERTIFICATE_FIELDS } from '../x509/certificate.ts';

const version = (label: string) => u16(label, { base: 'hex', names: VERSIONS });
const group = (label: string) => u16(label, { base: 'hex', names: GROUPS });
const size = { unit: 'bytes' };

/** Of the messages that TLS and DTLS have in common. */
const HANDSHAKE_SPECS = {
  'handshake.type': u8('Handshake', { names: HANDSHAKES }),
  'handshake.length': u24('Handshake length', size),
  'handshake.version': version('Version'),
  'handshake.random': raw('Random'),
  'handshake.session_id_length': u8('Session ID length', size),
  'handshake.session_id': raw('Session ID'),
  'handshake.cipher_suites_length': u16('Cipher suites length', size),
  'handshake.ciphersuite': u16('Cipher suite', { base: 'hex', names: CIPHER_SUITES }),
  'handshake.comp_methods_length': u8('Compression methods length', size),
  'handshake.comp_method': u8('Compression method', { names: { 0: 'none', 1: 'DEFLATE' } }),
  'handshake.extensions_length': u16('Extensions length', size),
  'handshake.extension.type': u16('Extension', { names: EXTENSIONS }),
  'handshake.extension.len': u16('Extension length', size),
  'handshake.extension.data': raw('Extension data'),
  'handshake.extensions_server_name_list_len': u16('Server names length', size),
  'handshake.extensions_server_name_type': u8('Server name type', { names: { 0: 'host_name' } }),
  'handshake.extensions_server_name_len': u16('Server name length', size),
  'handshake.extensions_server_name': text('Server name'),
  'handshake.extensions_supported_groups_length': u16('Groups length', size),
  'handshake.extensions_supported_group': group('Group'),
  'handshake.extensions_ec_point_formats_length': u8('Point formats length', size),
  'handshake.extensions_ec_point_format': u8('Point format', { names: { 0: 'uncompressed' } }),
  'handshake.sig_hash_alg_len': u16('Signature algorithms length', size),
  'handshake.sig_hash_alg': u16('Signature algorithm', { base: 'hex', names: SIGNATURES }),
  'handshake.extensions_alpn_len': u16('Application protocols length', size),
  'handshake.extensions_alpn_str_len': u8('Application protocol length', size),
  'handshake.extensions_alpn_str': text('Application protocol'),
  'handshake.extensions.supported_versions_len': u8('Versions length', size),
  'handshake.extensions.supported_version': version('Supported version'),
  'handshake.extensions_key_share_client_length': u16('Key shares length', size),
  'handshake.extensions_key_share_selected_group': group('Selected group'),
  'handshake.extensions_key_share_group': group('Key share group'),
  'handshake.extensions_key_share_key_exchange_length': u16('Key length', size),
  'handshake.extensions_key_share_key_exchange': raw('Key'),
  'extension.psk_ke_modes_length': u8('Key exchange modes length', size),
  'extension.psk_ke_mode': u8('Key exchange mode', { names: { 0: 'psk_ke', 1: 'psk_dhe_ke' } }),
  record_size_limit: u16('Record size limit', size),
  'handshake.extensions_reneg_info_len': u8('Renegotiation info length', size),
  'handshake.extensions_reneg_info': raw('Renegotiation info'),
  'handshake.certificates_length': u24('Certificates length', size),
  'handshake.certificate_length': u24('Certificate length', size),
  'handshake.certificate': raw('Certificate'),
  'handshake.session_ticket_lifetime_hint': u32('Session ticket lifetime hint', { unit: 'seconds' }),
  'handshake.session_ticket_length': u16('Session ticket length', size),
  'handshake.session_ticket': raw('Session ticket'),
  'handshake.server_curve_type': u8('Curve type', { names: { 3: 'named_curve' } }),
  'handshake.server_named_curve': group('Named curve'),
  'handshake.server_point_len': u8('Public key length', size),
  'handshake.server_point': raw('Public key'),
};
/** Of the records' contents. */
const CONTENT_SPECS = {
  change_cipher_spec: raw('Change cipher spec'),
  'alert_message.level': u8('Alert level', { names: { 1: 'Warning', 2: 'Fatal' } }),
  'alert_message.desc': u8('Alert', { names: ALERTS }),
  alert_message: raw('Encrypted alert'),
  app_data: raw('Application data'),
  'heartbeat_message.type': u8('Heartbeat', { names: { 1: 'Request', 2: 'Response' } }),
  'heartbeat_message.payload_length': u16('Heartbeat payload length', size),
  handshake: raw('Encrypted handshake, or one that began before'),
};
export type ContentFields = Readonly<Record<keyof typeof CONTENT_SPECS, Field>>;
export type HandshakeFields = Readonly<Record<keyof typeof HANDSHAKE_SPECS, Field>>;

const withCertificates = <H extends { readonly $all: readonly Field[] }>(layout: H): H => ({
  ...layout,
  $all: [...layout.$all, ...CERTIFICATE_FIELDS],
});
/** Nothing has a fixed place: a segment may begin in the middle of a record. */
export const tls = withCertificates(
  header(
    'tls',
    {},
    {
      'record.content_type': u8('Record', { names: CONTENT_TYPES }),
      'record.version': version('Record version'),
      'record.length': u16('Record length', size),
      'segment.data': raw('Data of a record that began before'),
      ...CONTENT_SPECS,
      ...HANDSHAKE_SPECS,
    },
  ),
);
const RECORD_SPECS = {
  'record.content_type': u8('Record', { names: CONTENT_TYPES }),
  'record.version': version('Record version'),
  'record.epoch': u16('Epoch'),
  'record.sequence_number': u48('Sequence number'),
  'record.length': u16('Record length', size),
} satisfies Record<string, FieldSpec>;
/** Records are numbered, since datagrams get lost, and messages may come in fragments (RFC 6347 section 4). */
export const dtls = withCertificates(
  header(
    'dtls',
    {},
    {
      ...RECORD_SPECS,
      ...CONTENT_SPECS,
      ...HANDSHAKE_SPECS,
      'handshake.message_seq': u16('Message sequence number'),
      'handshake.fragment_offset': u24('Fragment offset', size),
      'handshake.fragment_length': u24('Fragment length', size),
      'handshake.cookie_length': u8('Cookie length', size),
      'handshake.cookie': raw('Cookie'),
    },
  ),
);
