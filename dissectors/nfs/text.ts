import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { replyText } from './reply-text.ts';
import { requestText } from './request-text.ts';

export const NFS_PORT = 2049;
const CALL = 0;
const REPLY = 1;

/**
 * Writes what may be a message of NFS by its port, and by what says whether it is a call; false when it is none.
 * `at` is where RPC's message begins, which claims `length` bytes.
 */
export function nfsText(
  w: Line,
  frame: Frame,
  d: number,
  isToServer: boolean,
  at: number,
  length: number,
  before = '',
): boolean {
  if (!w.has(at + 4, 4) || w.u32(at + 4) !== (isToServer ? CALL : REPLY)) return false;
  w.str(`${before}NFS ${isToServer ? 'request' : 'reply'} xid ${w.u32(at)} `);
  (isToServer ? requestText : replyText)(w, frame, d, at, length);
  return true;
}
/** In TCP a length stands in front (RFC 5531 section 11); the highest bit says that it is all of the message. */
export function nfsSegmentText(
  w: Line,
  frame: Frame,
  d: number,
  isToServer: boolean,
  at: number,
  length: number,
): void {
  if (length < 4 || !w.has(at, 4)) return;
  const said = w.u32(at) & 0x7fff_ffff;
  nfsText(w, frame, d, isToServer, at + 4, Math.min(said, length - 4), ': ');
}
