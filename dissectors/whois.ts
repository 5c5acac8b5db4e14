import { header, text } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { segment } from './tcp/header.ts';
import { messageText } from './text-message.ts';

const PORT = 43;
const whois = header('whois', {}, { query: text('Query'), answer: text('Answer') });

const isAnswer = (frame: Frame, d: number): boolean =>
  d > 0 && segment.srcport.read(frame.bytes, frame.from[d - 1]!) === PORT;

/** The protocol that tells to whom names and addresses belong. */
export const nickname = protocol(whois, {
  title: 'WHOIS',
  source: 'RFC 3912',
  on: { 'tcp.port': PORT },
  summary: (frame, d) => `WHOIS: ${isAnswer(frame, d) ? 'Answer' : 'Query'}`,
  expand(frame, d, visit) {
    const end = frame.limit(d);
    if (frame.from[d]! < end) visit(isAnswer(frame, d) ? whois.answer : whois.query, frame.from[d]!, end);
  },
  line(w, frame, d) {
    w.str(': ');
    messageText(w, 'whois', frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
