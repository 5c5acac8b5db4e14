import { header, text } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { eachLine } from './text-dialog.ts';
import { find, skipWhite, wordAt } from './text-lines.ts';
import { startsTls } from './tls/start.ts';

const imap = header(
  'imap',
  {},
  {
    line: text('Line'),
    request: text('Request'),
    request_tag: text('Tag of the request'),
    'request.command': text('Command'),
    response: text('Response'),
    response_tag: text('Tag of the response'),
    'response.status': text('Status'),
    'response.command': text('Response command'),
  },
);
/** Tags and statuses with which a server answers (RFC 9051 section 7). */
const UNTAGGED: ReadonlySet<string> = new Set(['*', '+']);
const STATUSES: ReadonlySet<string> = new Set(['OK', 'NO', 'BAD', 'PREAUTH', 'BYE']);
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN ENABLE SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE ' +
    'UNSUBSCRIBE LIST LSUB NAMESPACE STATUS APPEND IDLE CLOSE UNSELECT EXPUNGE SEARCH FETCH STORE COPY MOVE UID ' +
    'CHECK ID GETQUOTA GETQUOTAROOT SORT THREAD COMPRESS'
  ).split(' '),
);
const SPACE = 0x20;
const MAX_TAG = 32;
const MAX_COMMAND = 16;

/** Internet Message Access Protocol. */
export const messageAccess = protocol(imap, {
  title: 'Internet Message Access Protocol',
  source: 'RFC 9051',
  on: { 'tcp.port': 143 },
  ...startsTls((frame, d, visit) => {
    const { bytes } = frame;
    eachLine(bytes, frame.from[d]!, frame.limit(d), (at, to) => {
      visit(imap.line, at, to);
      visitLine(bytes, at, to, visit);
      return true;
    });
  }),
});
/** What is neither belongs to a literal: a mail, for example. */
function visitLine(bytes: Uint8Array, at: number, to: number, visit: Visit): void {
  const tagEnd = find(bytes, SPACE, at, Math.min(to, at + MAX_TAG));
  const word = skipWhite(bytes, tagEnd, to);
  const wordEnd = find(bytes, SPACE, word, Math.min(to, word + MAX_COMMAND));
  const second = wordAt(bytes, word, wordEnd).toUpperCase();
  if (UNTAGGED.has(wordAt(bytes, at, tagEnd)) || STATUSES.has(second)) {
    visit(imap.response, at, to);
    visit(imap.response_tag, at, tagEnd);
    if (wordEnd > word) visit(STATUSES.has(second) ? imap['response.status'] : imap['response.command'], word, wordEnd);
  } else if (COMMANDS.has(second)) {
    visit(imap.request, at, to);
    visit(imap.request_tag, at, tagEnd);
    visit(imap['request.command'], word, wordEnd);
  }
}
