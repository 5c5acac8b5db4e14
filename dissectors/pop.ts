import { header, text } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { eachLine } from './text-dialog.ts';
import { find, skipWhite, wordAt } from './text-lines.ts';
import { startsTls } from './tls/start.ts';

const pop = header(
  'pop',
  {},
  {
    request: text('Request'),
    'request.command': text('Command'),
    'request.parameter': text('Parameter'),
    response: text('Response'),
    'response.indicator': text('Indicator'),
    'response.description': text('Description'),
    'response.data': text('Data'),
  },
);
/** RFC 1939, RFC 2449 section 5, RFC 2595 section 4, RFC 5034 section 4. */
const COMMANDS: ReadonlySet<string> = new Set(
  'USER PASS APOP STAT LIST RETR DELE NOOP RSET QUIT TOP UIDL CAPA STLS AUTH UTF8 LANG XTND'.split(' '),
);
const INDICATORS: ReadonlySet<string> = new Set(['+OK', '-ERR', '+']);
const SPACE = 0x20;
const MAX_WORD = 5;

/** Post Office Protocol. */
export const postOffice = protocol(pop, {
  title: 'Post Office Protocol',
  source: 'RFC 1939',
  on: { 'tcp.port': 110 },
  ...startsTls((frame, d, visit) => {
    const { bytes } = frame;
    const end = frame.limit(d);
    const rest = eachLine(bytes, frame.from[d]!, end, (at, to) => visitLine(bytes, at, to, visit));
    if (rest < end) visit(pop['response.data'], rest, end);
  }),
});
/** False when it is neither command nor answer: then it is the text of a mail, or of a list. */
function visitLine(bytes: Uint8Array, at: number, to: number, visit: Visit): boolean {
  const wordEnd = find(bytes, SPACE, at, Math.min(to, at + MAX_WORD));
  const word = wordAt(bytes, at, wordEnd).toUpperCase();
  const isResponse = INDICATORS.has(word);
  if (!isResponse && !COMMANDS.has(word)) return false;
  visit(isResponse ? pop.response : pop.request, at, to);
  visit(isResponse ? pop['response.indicator'] : pop['request.command'], at, wordEnd);
  const rest = skipWhite(bytes, wordEnd, to);
  if (rest < to) visit(isResponse ? pop['response.description'] : pop['request.parameter'], rest, to);
  return true;
}
