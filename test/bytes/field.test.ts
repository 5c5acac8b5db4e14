import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { eth } from '../../dissectors/eth/header.ts';
import { ip } from '../../dissectors/ip.ts';
import { ipv6Header } from '../../dissectors/ipv6/header.ts';
import { segment } from '../../dissectors/tcp/header.ts';
import { datagram } from '../../dissectors/udp.ts';

// V8 reads the native syntax in what is compiled while the flag is set: at the first call.
setFlagsFromString('--allow-natives-syntax');
const isFast: (value: object) => boolean = runInThisContext('(value) => %HasFastProperties(value)');
isFast({});
setFlagsFromString('--no-allow-natives-syntax');

test.each([eth, ip, ipv6Header, segment, datagram])(
  'V8 can fold the fields of $$name into who reads them',
  (header) => {
    expect(isFast(header)).toBe(true);
  },
);
