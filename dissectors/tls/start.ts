import { NONE, type Protocol } from '../../src/dissect/protocol.ts';
import { isLikelyRecord } from './record.ts';

/**
 * Of a protocol whose connections may go on with TLS (after STARTTLS, CONNECT and the like): segments that begin as
 * a record does are handed on, `expand` finds the fields of the others.
 */
export const startsTls = (expand: NonNullable<Protocol['expand']>): Pick<Protocol, 'step' | 'expand'> => ({
  step: (frame, bytes, at, end) =>
    isLikelyRecord(bytes, at, Math.min(end, frame.end)) ? frame.passOn(frame.registry.id('tls'), at, end) : NONE,
  expand(frame, d, visit) {
    if (d + 1 >= frame.depth) expand(frame, d, visit);
  },
});
