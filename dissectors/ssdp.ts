import { protocol } from '../src/dissect/protocol.ts';
import { http, visitMessages } from './http.ts';

/** Simple Service Discovery Protocol: HTTP's requests and responses in datagrams to everybody. */
export const serviceDiscovery = protocol(
  { ...http, $name: 'ssdp' },
  {
    title: 'Simple Service Discovery Protocol',
    source: 'UPnP Device Architecture 2.0 section 1',
    on: { 'udp.port': 1900 },
    expand: visitMessages,
  },
);
