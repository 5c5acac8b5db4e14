import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { changedAttributes, fileAttributes, optionalAttributes } from './attributes-text.ts';
import { type Call, findCall } from './calls.ts';
import { PROCEDURE, PROCEDURES, procedureOf, STATUSES, VERSION_3, WRITE_MODES } from './names.ts';
import { fileHandle, fileName, long, longHex, MISSING, time, verifier } from './xdr-text.ts';

const REFUSALS = {
  0: 'OK',
  1: 'Bogus Credentials (seal broken)',
  2: 'Rejected Credentials (client should begin new session)',
  3: 'Bogus Verifier (seal broken)',
  4: 'Verifier expired or was replayed',
  5: 'Credentials are too weak',
  6: 'Bogus response verifier',
  7: 'Unknown failure',
};
const FAILURES = { 1: 'PROG_UNAVAIL', 2: 'PROG_MISMATCH', 3: 'PROC_UNAVAIL', 4: 'GARBAGE_ARGS', 5: 'SYSTEM_ERR' };
const ACCEPTED = 0;
const DENIED = 1;

/** tcpdump's text of a reply of `length` bytes; what it holds depends on what was called before. */
export function replyText(w: Line, frame: Frame, d: number, at: number, length: number): void {
  w.label = 'nfs';
  if (!w.has(at + 8, 4)) {
    w.trunc();
    return;
  }
  const state = w.u32(at + 8);
  if (state === ACCEPTED) {
    w.str(`reply ok ${length}`);
    const call = findCall(w, frame, d, w.u32(at));
    if (call !== undefined) resultText(w, at + 12, length, call);
  } else if (state === DENIED) {
    w.str(`reply ERR ${length}: `);
    deniedText(w, at + 12);
  } else w.str(`reply Unknown rpc response code=${state} ${length}`);
}
function deniedText(w: Line, at: number): void {
  if (!w.has(at, 4)) {
    w.trunc();
    return;
  }
  const reason = w.u32(at);
  if (reason > 1) w.str(`Unknown reason for rejecting rpc message ${reason}`);
  else if (!w.has(at + 4, reason === 0 ? 8 : 4)) w.trunc();
  else if (reason === 0) w.str(`RPC Version mismatch (${w.u32(at + 4)}-${w.u32(at + 8)})`);
  else {
    w.str('Auth ');
    w.named(REFUSALS, w.u32(at + 4), 'Invalid failure code %u');
  }
}
/** Something was refused, so that nobody misses what is missing. */
let failed = false;
function resultText(w: Line, at: number, length: number, { procedure: called, version }: Call): void {
  const procedure = procedureOf(version, called);
  w.char(0x20);
  w.named(PROCEDURES, procedure, 'proc-%u');
  const text = RESULTS[procedure];
  if (text === undefined) return;
  failed = false;
  const from = results(w, at, length);
  const isWhole = from !== MISSING && text(w, from, version === VERSION_3) !== MISSING;
  if (!isWhole && !failed) w.trunc();
}
/** Behind the verifier and how the call ended. */
function results(w: Line, at: number, length: number): number {
  const size = w.u32(at + 4);
  if (size >= length) return MISSING;
  const ended = at + 8 + Math.ceil(size / 4) * 4;
  const how = w.u32(ended);
  if (how === 0) return ended + 4;
  w.char(0x20);
  w.named(FAILURES, how, 'ar_stat %u');
  failed = true;
  return MISSING;
}
/** The first number of most results; true when all went well. */
function status(w: Line, at: number): boolean {
  const error = w.u32(at);
  if (error === 0) return true;
  w.str(' ERROR: ');
  w.named(STATUSES, error, 'unk %u');
  failed = true;
  return false;
}
/** Writes results that begin at `at`; returns where they end, or MISSING. */
type Result = (w: Line, at: number, isV3: boolean) => number;

const attributes =
  (detail: (w: Line) => number): Result =>
  (w, at, isV3) =>
    status(w, at) ? fileAttributes(w, at + 4, detail(w), isV3) : at + 4;
/** tcpdump has two levels only where it does not ask for them. */
const always = (): number => 1;
const asAsked = (w: Line): number => w.verbose;
const optional = (w: Line, at: number): number => (at === MISSING ? MISSING : optionalAttributes(w, at, w.verbose));
const changed = (w: Line, at: number): number => (at === MISSING ? MISSING : changedAttributes(w, at, w.verbose));

/** Version 2: a handle and its attributes. */
const found: Result = (w, at) => {
  if (!status(w, at)) return at + 4;
  const next = fileHandle(w, at + 4, false);
  return next === MISSING ? MISSING : fileAttributes(w, next, w.verbose, false);
};
const lookup: Result = (w, at, isV3) => {
  if (!isV3) return found(w, at, isV3);
  let next = at + 4;
  if (status(w, at)) next = optional(w, fileHandle(w, next, true));
  if (w.verbose < 2 || next === MISSING) return next;
  w.str(' post dattr:');
  return optional(w, next);
};
const changes: Result = (w, at) => {
  status(w, at);
  return changed(w, at + 4);
};
const only: Result = (w, at) => {
  status(w, at);
  return at + 4;
};
/** Version 3: a handle that may be there or not, its attributes, and its folder's. */
const created: Result = (w, at) => {
  if (!status(w, at)) return changed(w, at + 4);
  if (w.u32(at + 4) === 0) return at + 8;
  let next = fileHandle(w, at + 8, true);
  if (w.verbose === 0 || next === MISSING) return next;
  next = optional(w, next);
  if (w.verbose < 2 || next === MISSING) return next;
  w.str(' dir attr:');
  return changed(w, next);
};
const byVersion =
  (second: Result, third: Result): Result =>
  (w, at, isV3) =>
    (isV3 ? third : second)(w, at, isV3);
/** A status, ` POST:` attributes, and if all went well something more. */
const after =
  (label: string, text: (w: Line, at: number) => number): Result =>
  (w, at) => {
    const isWell = status(w, at);
    if (w.verbose > 0) w.str(label);
    const next = optional(w, at + 4);
    return isWell && next !== MISSING ? text(w, next) : next;
  };
const access = after(' attr:', (w, at) => {
  const rights = w.u32(at);
  w.str(' c ');
  w.hexPadded(rights, 4);
  return at + 4;
});
const readlink: Result = (w, at, isV3) => {
  if (!status(w, at)) return at + 4;
  const next = isV3 ? optional(w, at + 4) : at + 4;
  if (next === MISSING) return MISSING;
  w.char(0x20);
  return fileName(w, next);
};
const read = after('', (w, at) => {
  if (w.verbose === 0) return at;
  w.str(` ${w.u32(at)} bytes`);
  if (w.u32(at + 4) !== 0) w.str(' EOF');
  return at;
});
const write: Result = (w, at) => {
  const isWell = status(w, at);
  const next = changed(w, at + 4);
  if (!isWell || next === MISSING || w.verbose === 0) return next;
  w.str(` ${w.u32(next)} bytes`);
  if (w.verbose < 2) return next;
  w.str(' <');
  w.named(WRITE_MODES, w.u32(next + 4), '#%u');
  w.str('>');
  longHex(w, next + 8, ' verf ');
  return next;
};
const rename: Result = (w, at) => {
  status(w, at);
  let next = at + 4;
  for (const label of [' from:', ' to:']) {
    if (w.verbose === 0 || next === MISSING) return next;
    w.str(label);
    next = changed(w, next);
  }
  return next;
};
const link: Result = (w, at) => {
  status(w, at);
  if (w.verbose === 0) return at + 4;
  w.str(' file POST:');
  const next = optional(w, at + 4);
  if (next === MISSING) return MISSING;
  w.str(' dir:');
  return changed(w, next);
};
const entries = after(' POST:', (w, at) => {
  if (w.verbose > 0) verifier(w, at);
  return at + 8;
});
const entriesV2: Result = (w, at) => {
  if (!status(w, at)) return at + 4;
  w.str(` offset 0x${w.u32(at + 4).toString(16)} size ${w.u32(at + 8)} `);
  if (w.u32(at + 12) !== 0) w.str(' eof');
  return at + 16;
};
const V3_STATISTICS = ['tbytes', 'fbytes', 'abytes', 'tfiles', 'ffiles', 'afiles'] as const;
/** Also when something went wrong. */
const statistics: Result = (w, at) => {
  status(w, at);
  if (w.verbose > 0) w.str(' POST:');
  const next = optional(w, at + 4);
  if (next === MISSING || !w.has(next, 52)) return MISSING;
  for (const [i, name] of V3_STATISTICS.entries()) {
    if (i >= 3 && w.verbose === 0) break;
    w.str(` ${name} `);
    long(w, next + 8 * i);
  }
  if (w.verbose > 0) w.str(` invar ${w.u32(next + 48)}`);
  return next + 52;
};
const statisticsV2: Result = (w, at) => {
  if (!status(w, at)) return at + 4;
  if (!w.has(at + 4, 20)) return MISSING;
  for (const [i, name] of ['tsize', 'bsize', 'blocks', 'bfree', 'bavail'].entries())
    w.str(` ${name} ${w.u32(at + 4 + 4 * i)}`);
  return at + 24;
};
const fsinfo = after(' POST:', (w, at) => {
  if (!w.has(at, 48)) return MISSING;
  for (const [name, place] of [
    ['rtmax', 0],
    ['rtpref', 4],
    ['wtmax', 12],
    ['wtpref', 16],
    ['dtpref', 24],
  ] as const)
    w.str(` ${name} ${w.u32(at + place)}`);
  if (w.verbose === 0) return at;
  w.str(` rtmult ${w.u32(at + 8)} wtmult ${w.u32(at + 20)} maxfsz `);
  long(w, at + 28);
  w.str(' delta ');
  time(w, at + 36);
  w.char(0x20);
  return at;
});
const pathconf = after(' POST:', (w, at) => {
  if (!w.has(at, 24)) return MISSING;
  w.str(` linkmax ${w.u32(at)} namemax ${w.u32(at + 4)}`);
  for (const [i, name] of ['notrunc', 'chownres', 'igncase', 'keepcase'].entries())
    w.str(` ${w.u32(at + 8 + 4 * i) === 0 ? '' : name}`);
  return at;
});
const commit: Result = (w, at) => {
  const next = changes(w, at, true);
  if (next === MISSING || w.verbose < 2) return next;
  longHex(w, next, ' verf ');
  return next;
};
const RESULTS: Readonly<Record<number, Result>> = {
  [PROCEDURE.getattr]: attributes(always),
  [PROCEDURE.setattr]: byVersion(attributes(always), changes),
  [PROCEDURE.lookup]: lookup,
  [PROCEDURE.access]: access,
  [PROCEDURE.readlink]: readlink,
  [PROCEDURE.read]: byVersion(attributes(asAsked), read),
  [PROCEDURE.write]: byVersion(attributes(asAsked), write),
  [PROCEDURE.create]: byVersion(found, created),
  [PROCEDURE.mkdir]: byVersion(found, created),
  [PROCEDURE.symlink]: byVersion(only, created),
  [PROCEDURE.mknod]: created,
  [PROCEDURE.remove]: byVersion(only, changes),
  [PROCEDURE.rmdir]: byVersion(only, changes),
  [PROCEDURE.rename]: byVersion(only, rename),
  [PROCEDURE.link]: byVersion(only, link),
  [PROCEDURE.readdir]: byVersion(entriesV2, entries),
  [PROCEDURE.readdirplus]: entries,
  [PROCEDURE.fsstat]: byVersion(statisticsV2, statistics),
  [PROCEDURE.fsinfo]: fsinfo,
  [PROCEDURE.pathconf]: pathconf,
  [PROCEDURE.commit]: commit,
};
