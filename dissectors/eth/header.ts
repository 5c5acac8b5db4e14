import { header, mac, u16 } from '../../src/bytes/field.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';

/** IEEE 802.3 clause 3. */
export const eth = header('eth', {
  dst: mac('Destination', { also: 'eth.addr' }),
  src: mac('Source', { also: 'eth.addr' }),
  type: u16('Type or length', { base: 'hex', names: ETHERTYPES }),
});
