import { header, u16 } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { udpPort } from './udp.ts';

const head = header('udp', {
  srcport: u16('Source port', { also: 'udp.port' }),
  dstport: u16('Destination port', { also: 'udp.port' }),
  checksum_coverage: u16('Checksum coverage', { unit: 'bytes' }),
  checksum: u16('Checksum', { base: 'hex' }),
});
/** UDP whose checksum covers a part of the datagram alone: what rather arrives damaged than not at all. */
export const udpLite = protocol(
  { ...head, $name: 'udplite' },
  {
    title: 'Lightweight User Datagram Protocol',
    source: 'RFC 3828',
    summary: 'Lightweight User Datagram Protocol, Src Port: {udp.srcport}, Dst Port: {udp.dstport}',
    on: { 'ip.proto': 136 },
    ends: [head.srcport, head.dstport],
    step(frame, bytes, at, end) {
      const payload = at + head.$size;
      const [source, destination] = [head.srcport.read(bytes, at), head.dstport.read(bytes, at)];
      const low = Math.min(source, destination);
      let id = frame.handOn(udpPort, low, payload, end);
      if (id === NONE) id = frame.handOn(udpPort, source + destination - low, payload, end);
      return id === NONE ? frame.guess(udpPort, payload, end) : id;
    },
  },
);
