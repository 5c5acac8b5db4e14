/** Programs for the far and the near end of tests, where node has no word for what they do. */
const python = (...lines: string[]): string[] => ['python3', '-uc', lines.join('\n')];
const SLEEP = 'print(1)\nimport time\ntime.sleep(99)';

/** A UDP socket that is set up somehow and never read. */
export const deafSocket = (...setUp: string[]): string[] =>
  python('import socket, struct, ctypes', 's = socket.socket(2, 2)', ...setUp, 's.bind(("", 9))', SLEEP);
export const SMALL_BUFFER = 's.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)';
/** SO_ATTACH_FILTER with a program that takes nothing. */
export const REFUSING_FILTER = [
  'program = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))',
  's.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", 1, ctypes.addressof(program)))',
].join('\n');
/** Listens, and never accepts. */
export const lazyServer = (backlog: number): string[] =>
  python('import socket', 's = socket.socket()', 's.bind(("", 80))', `s.listen(${backlog})`, SLEEP);
export const connectOften = (address: string, times: number): string[] =>
  python(
    'import socket, time',
    'all = []',
    `for i in range(${times}):`,
    '  s = socket.socket()',
    '  s.setblocking(0)',
    `  s.connect_ex(("${address}", 80))`,
    '  all.append(s)',
    '  time.sleep(0.05)',
  );
/** Datagrams in a row, which may be fragmented. */
export const datagrams = (address: string, times: number, length: number): string[] =>
  python(
    'import socket',
    's = socket.socket(2, 2)',
    's.setsockopt(socket.IPPROTO_IP, 10, 0)',
    `for i in range(${times}): s.sendto(b"A" * ${length}, ("${address}", 9))`,
  );
export const broadcast = (address: string): string[] =>
  python(
    'import socket',
    's = socket.socket(2, 2)',
    's.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)',
    `s.sendto(b"A", ("${address}", 67))`,
  );
/** Closes a connection first, and for good. */
export const closing = (address: string): string[] =>
  python(
    'import socket, time',
    `s = socket.create_connection(("${address}", 80))`,
    's.close()',
    // The other side's end comes to nobody.
    'time.sleep(0.3)',
  );
/** ETHTOOL_SGRO and ETHTOOL_STSO (linux/ethtool.h). */
export const OFFLOAD = { joining: 0x2c, segmentation: 0x1f } as const;
/** Turns an offload of a device on or off. */
export const offload = (device: string, which: keyof typeof OFFLOAD, on: boolean): string[] =>
  python(
    'import array, fcntl, socket, struct',
    `value = array.array("B", struct.pack("II", ${OFFLOAD[which]}, ${Number(on)}))`,
    `fcntl.ioctl(socket.socket(), 0x8946, struct.pack("16sP", b"${device}", value.buffer_info()[0]))`,
  );
export const wrongChecksum = (address: string): string[] =>
  python(
    'import socket, struct',
    's = socket.socket(2, 3, 17)',
    `s.sendto(struct.pack("!HHHH", 4000, 9, 12, 0x1234) + b"abcd", ("${address}", 9))`,
  );
export const groupMember = (group: string): string[] =>
  python(
    'import socket',
    's = socket.socket(2, 2)',
    's.bind(("", 9))',
    `s.setsockopt(0, 35, socket.inet_aton("${group}") + socket.inet_aton("0.0.0.0"))`,
    'print(1)',
    'while 1: s.recv(999)',
  );
/** A tap device `tap0` with 10.75.0.1, and at its far end 10.75.0.2: a program that reads, or does not. */
export const tapDevice = (reads: boolean): string[] =>
  python(
    'import fcntl, os, struct, time',
    'f = os.open("/dev/net/tun", os.O_RDWR)',
    'fcntl.ioctl(f, 0x400454ca, struct.pack("16sH", b"tap0", 0x1002))',
    'os.system("ip link set tap0 txqueuelen 1; ip addr add 10.75.0.1/24 dev tap0; ip link set tap0 up")',
    'os.system("ip neigh add 10.75.0.2 lladdr 02:00:00:00:00:02 dev tap0; tc qdisc replace dev tap0 root noqueue")',
    'print(1)',
    reads ? 'while 1: os.read(f, 2000)' : 'time.sleep(99)',
  );
/** A TCP segment with ACK alone from port 4000 to port 80, which belongs to no connection. */
export const strayAck = (from: string, to: string): string[] =>
  python(
    'import socket, struct',
    'def checksum(data):',
    '  total = sum(struct.unpack("!%dH" % (len(data) // 2), data))',
    '  while total >> 16: total = (total & 0xffff) + (total >> 16)',
    '  return ~total & 0xffff',
    'header = lambda check: struct.pack("!HHLLBBHHH", 4000, 80, 1000, 2000, 5 << 4, 0x10, 1000, check, 0)',
    `pseudo = socket.inet_aton("${from}") + socket.inet_aton("${to}") + struct.pack("!BBH", 0, 6, 20)`,
    's = socket.socket(2, 3, 6)',
    `s.sendto(header(checksum(pseudo + header(0))), ("${to}", 0))`,
  );
/**
 * The rule that `iptables-nft -A FORWARD -m comment --comment TEXT -j DROP` makes, in nftables' own messages: table, chain,
 * and a rule with the match `comment` of iptables.
 */
export const iptablesRule = (comment: string): string[] =>
  python(
    'import socket, struct',
    'number = lambda n: struct.pack("!I", n)',
    'def attribute(kind, value): return struct.pack("HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)',
    'def text(kind, value): return attribute(kind, value.encode() + bytes(1))',
    'def nest(kind, value): return attribute(kind | 0x8000, value)',
    'def message(kind, flags, family, body, group=0):',
    '  return struct.pack("IHHII", 20 + len(body), kind, flags, 1, 0) + struct.pack("!BBH", family, 0, group) + body',
    `information = "${comment}".encode().ljust(256, bytes(1))`,
    'match = nest(1, text(1, "match") + nest(2, text(1, "comment") + attribute(2, number(0)) + attribute(3, information)))',
    'drop = nest(1, text(1, "immediate") + nest(2, attribute(1, number(0)) + nest(2, nest(2, attribute(1, number(0))))))',
    'hook = nest(4, attribute(1, number(2)) + attribute(2, number(0)))',
    'batch = message(16, 1, 0, b"", 10) + message(0xa00, 0x401, 2, text(1, "filter"))',
    'batch += message(0xa03, 0x401, 2, text(1, "filter") + text(3, "FORWARD") + hook + text(7, "filter"))',
    'batch += message(0xa06, 0xc01, 2, text(1, "filter") + text(2, "FORWARD") + nest(4, match + drop))',
    's = socket.socket(16, 3, 12)',
    's.send(batch + message(17, 1, 0, b"", 10))',
  );
