/** Procedures of version 3 (RFC 1813 section 3.3) and those that stand for what version 2 has and 3 has not. */
export const PROCEDURE = {
  null: 0,
  getattr: 1,
  setattr: 2,
  lookup: 3,
  access: 4,
  readlink: 5,
  read: 6,
  write: 7,
  create: 8,
  mkdir: 9,
  symlink: 10,
  mknod: 11,
  remove: 12,
  rmdir: 13,
  rename: 14,
  link: 15,
  readdir: 16,
  readdirplus: 17,
  fsstat: 18,
  fsinfo: 19,
  pathconf: 20,
  commit: 21,
  nop: 25,
} as const;
export const PROCEDURES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(PROCEDURE).map(([name, number]) => [number, name]),
);
const { nop } = PROCEDURE;
/** The procedures of version 2 (RFC 1094 section 2.2) by the numbers of version 3. */
const OF_VERSION_2: readonly number[] = [
  ...[0, 1, 2, nop, 3, 5, 6, nop, 7, 8, 12, 14, 15, 10, 9, 13, 16, 18],
  ...Array.from({ length: 8 }, () => nop),
];
export const VERSION_3 = 3;
export const procedureOf = (version: number, procedure: number): number =>
  version === VERSION_3 ? procedure : (OF_VERSION_2[procedure] ?? procedure);

/** What went wrong, in the words of BSD's C library. */
export const STATUSES: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  5: 'Input/output error',
  6: 'Device not configured',
  11: 'Resource deadlock avoided',
  12: 'Cannot allocate memory',
  13: 'Permission denied',
  17: 'File exists',
  18: 'Cross-device link',
  19: 'Operation not supported by device',
  20: 'Not a directory',
  21: 'Is a directory',
  22: 'Invalid argument',
  26: 'Text file busy',
  27: 'File too large',
  28: 'No space left on device',
  30: 'Read-only file system',
  31: 'Too many links',
  45: 'Operation not supported',
  62: 'Too many levels of symbolic links',
  63: 'File name too long',
  66: 'Directory not empty',
  69: 'Disc quota exceeded',
  70: 'Stale NFS file handle',
  71: 'Too many levels of remote in path',
  99: 'Write cache flushed to disk',
  10001: 'Illegal NFS file handle',
  10002: 'Update synchronization mismatch',
  10003: 'READDIR/READDIRPLUS cookie is stale',
  10004: 'Operation not supported',
  10005: 'Buffer or request is too small',
  10006: 'Unspecified error on server',
  10007: 'Object of that type not supported',
  10008: "Request couldn't be completed in time",
};
export const FILE_TYPES: Readonly<Record<number, string>> = {
  0: 'NON',
  1: 'REG',
  2: 'DIR',
  3: 'BLK',
  4: 'CHR',
  5: 'LNK',
  7: 'FIFO',
};
export const WRITE_MODES: Readonly<Record<number, string>> = { 0: 'unstable', 1: 'datasync', 2: 'filesync' };
