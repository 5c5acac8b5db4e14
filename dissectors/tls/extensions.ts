import type { Field } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { tls } from './fields.ts';
import { visitAll, visitNumber, visitVector } from './vectors.ts';

/** An extension's body at `[from, to)`, which is not empty. */
type Extension = (bytes: Uint8Array, from: number, to: number, visit: Visit, isClient: boolean) => void;

/** Visits a hello's extensions (RFC 8446 section 4.2). */
export function visitExtensions(bytes: Uint8Array, at: number, end: number, visit: Visit, isClient: boolean): void {
  visitVector(tls['handshake.extensions_length'], bytes, at, end, visit, (from, to) => {
    for (let next = from; next < to; ) {
      const type = tls['handshake.extension.type'];
      const body = visitNumber(type, next, to, visit);
      const number = body < to ? type.read(bytes, next) : -1;
      next = visitVector(tls['handshake.extension.len'], bytes, body, to, visit, (bodyFrom, bodyTo) => {
        const known = EXTENSIONS[number];
        if (known === undefined) visit(tls['handshake.extension.data'], bodyFrom, bodyTo);
        else known(bytes, bodyFrom, bodyTo, visit, isClient);
      });
    }
  });
}
/** A length and numbers of one kind. */
const list =
  (length: Field, item: Field): Extension =>
  (bytes, from, to, visit) => {
    visitVector(length, bytes, from, to, visit, (itemsFrom, itemsTo) => visitAll(item, itemsFrom, itemsTo, visit));
  };
/** RFC 6066 section 3. A server answers with an empty one. */
const serverName: Extension = (bytes, from, to, visit) => {
  visitVector(tls['handshake.extensions_server_name_list_len'], bytes, from, to, visit, (namesFrom, namesTo) => {
    for (let at = namesFrom; at < namesTo; ) {
      const length = visitNumber(tls['handshake.extensions_server_name_type'], at, namesTo, visit);
      at = visitVector(tls['handshake.extensions_server_name_len'], bytes, length, namesTo, visit, (nameFrom, nameTo) =>
        visit(tls['handshake.extensions_server_name'], nameFrom, nameTo),
      );
    }
  });
};
/** RFC 7301. */
const applicationProtocols: Extension = (bytes, from, to, visit) => {
  visitVector(tls['handshake.extensions_alpn_len'], bytes, from, to, visit, (namesFrom, namesTo) => {
    for (let at = namesFrom; at < namesTo; )
      at = visitVector(tls['handshake.extensions_alpn_str_len'], bytes, at, namesTo, visit, (nameFrom, nameTo) =>
        visit(tls['handshake.extensions_alpn_str'], nameFrom, nameTo),
      );
  });
};
const clientVersions = list(
  tls['handshake.extensions.supported_versions_len'],
  tls['handshake.extensions.supported_version'],
);
function visitKeyShare(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const length = visitNumber(tls['handshake.extensions_key_share_group'], at, end, visit);
  const field = tls['handshake.extensions_key_share_key_exchange_length'];
  return visitVector(field, bytes, length, end, visit, (from, to) =>
    visit(tls['handshake.extensions_key_share_key_exchange'], from, to),
  );
}
/** RFC 8446 section 4.2.8: a list, an entry, or in a retry request only the group. */
const keyShare: Extension = (bytes, from, to, visit, isClient) => {
  if (to - from === 2) visitNumber(tls['handshake.extensions_key_share_selected_group'], from, to, visit);
  else if (!isClient) visitKeyShare(bytes, from, to, visit);
  else
    visitVector(tls['handshake.extensions_key_share_client_length'], bytes, from, to, visit, (sharesFrom, sharesTo) => {
      for (let at = sharesFrom; at < sharesTo; ) at = visitKeyShare(bytes, at, sharesTo, visit);
    });
};

const EXTENSIONS: Readonly<Record<number, Extension>> = {
  0: serverName,
  10: list(tls['handshake.extensions_supported_groups_length'], tls['handshake.extensions_supported_group']),
  11: list(tls['handshake.extensions_ec_point_formats_length'], tls['handshake.extensions_ec_point_format']),
  13: list(tls['handshake.sig_hash_alg_len'], tls['handshake.sig_hash_alg']),
  16: applicationProtocols,
  28: (_bytes, from, to, visit) => visitAll(tls.record_size_limit, from, to, visit),
  35: (_bytes, from, to, visit) => visit(tls['handshake.session_ticket'], from, to),
  43: (bytes, from, to, visit, isClient) => {
    if (isClient) clientVersions(bytes, from, to, visit, isClient);
    else visitAll(tls['handshake.extensions.supported_version'], from, to, visit);
  },
  45: list(tls['extension.psk_ke_modes_length'], tls['extension.psk_ke_mode']),
  50: list(tls['handshake.sig_hash_alg_len'], tls['handshake.sig_hash_alg']),
  51: keyShare,
  65281: (bytes, from, to, visit) => {
    visitVector(tls['handshake.extensions_reneg_info_len'], bytes, from, to, visit, (infoFrom, infoTo) =>
      visit(tls['handshake.extensions_reneg_info'], infoFrom, infoTo),
    );
  },
};
