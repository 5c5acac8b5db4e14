import type { HandshakeFields } from './fields.ts';
import type { Reading } from './reading.ts';

type Key = keyof HandshakeFields;
/** An extension's body at `[from, to)`, which is not empty. */
type Extension = (r: Reading, from: number, to: number, isClient: boolean) => void;

/** Visits a hello's extensions (RFC 8446 section 4.2). */
export function visitExtensions(r: Reading, at: number, end: number, isClient: boolean): void {
  const type = r.fields['handshake.extension.type'];
  r.vector(r.fields['handshake.extensions_length'], at, end, (from, to) => {
    for (let next = from; next < to; ) {
      const body = r.number(type, next, to);
      const number = body < to ? type.read(r.bytes, next) : -1;
      next = r.vector(r.fields['handshake.extension.len'], body, to, (bodyFrom, bodyTo) => {
        const known = EXTENSIONS[number];
        if (known === undefined) r.visit(r.fields['handshake.extension.data'], bodyFrom, bodyTo);
        else known(r, bodyFrom, bodyTo, isClient);
      });
    }
  });
}
/** A length and numbers of one kind. */
const list =
  (length: Key, item: Key): Extension =>
  (r, from, to) => {
    r.list(r.fields[length], r.fields[item], from, to);
  };
/** RFC 6066 section 3. A server answers with an empty one. */
const serverName: Extension = (r, from, to) => {
  const { fields } = r;
  r.vector(fields['handshake.extensions_server_name_list_len'], from, to, (namesFrom, namesTo) => {
    for (let at = namesFrom; at < namesTo; ) {
      const length = r.number(fields['handshake.extensions_server_name_type'], at, namesTo);
      const name = fields['handshake.extensions_server_name'];
      at = r.opaque(fields['handshake.extensions_server_name_len'], name, length, namesTo);
    }
  });
};
/** RFC 7301. */
const applicationProtocols: Extension = (r, from, to) => {
  const length = r.fields['handshake.extensions_alpn_str_len'];
  const name = r.fields['handshake.extensions_alpn_str'];
  r.vector(r.fields['handshake.extensions_alpn_len'], from, to, (namesFrom, namesTo) => {
    for (let at = namesFrom; at < namesTo; ) at = r.opaque(length, name, at, namesTo);
  });
};
const clientVersions = list('handshake.extensions.supported_versions_len', 'handshake.extensions.supported_version');
function visitKeyShare(r: Reading, at: number, end: number): number {
  const length = r.number(r.fields['handshake.extensions_key_share_group'], at, end);
  const key = r.fields['handshake.extensions_key_share_key_exchange'];
  return r.opaque(r.fields['handshake.extensions_key_share_key_exchange_length'], key, length, end);
}
/** RFC 8446 section 4.2.8: a list, an entry, or in a retry request only the group. */
const keyShare: Extension = (r, from, to, isClient) => {
  if (to - from === 2) r.number(r.fields['handshake.extensions_key_share_selected_group'], from, to);
  else if (!isClient) visitKeyShare(r, from, to);
  else
    r.vector(r.fields['handshake.extensions_key_share_client_length'], from, to, (sharesFrom, sharesTo) => {
      for (let at = sharesFrom; at < sharesTo; ) at = visitKeyShare(r, at, sharesTo);
    });
};

const EXTENSIONS: Readonly<Record<number, Extension>> = {
  0: serverName,
  10: list('handshake.extensions_supported_groups_length', 'handshake.extensions_supported_group'),
  11: list('handshake.extensions_ec_point_formats_length', 'handshake.extensions_ec_point_format'),
  13: list('handshake.sig_hash_alg_len', 'handshake.sig_hash_alg'),
  16: applicationProtocols,
  28: (r, from, to) => r.all(r.fields.record_size_limit, from, to),
  35: (r, from, to) => r.visit(r.fields['handshake.session_ticket'], from, to),
  43: (r, from, to, isClient) => {
    if (isClient) clientVersions(r, from, to, isClient);
    else r.all(r.fields['handshake.extensions.supported_version'], from, to);
  },
  45: list('extension.psk_ke_modes_length', 'extension.psk_ke_mode'),
  50: list('handshake.sig_hash_alg_len', 'handshake.sig_hash_alg'),
  51: keyShare,
  65281: (r, from, to) => {
    r.opaque(r.fields['handshake.extensions_reneg_info_len'], r.fields['handshake.extensions_reneg_info'], from, to);
  },
};
