import { header } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';

/**
 * The connection that carries a file, which the server opens from its data port. Where the client opens it, the dialog on
 * the other connection tells the port.
 */
export const fileData = protocol(header('ftp-data', {}), {
  title: 'File Transfer Protocol: data',
  source: 'RFC 959 section 3.2',
  on: { 'tcp.port': 20 },
  fromFlow: 'lasting',
  summary: (frame, d) => `FTP Data (${frame.to[d]! - frame.from[d]!} bytes data)`,
});
