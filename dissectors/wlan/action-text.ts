import type { Line } from '../../src/dissect/line.ts';

const NOTHING: readonly string[] = [];
/** Categories of action frames (IEEE 802.11 table 9-51) with their actions, by the names that tcpdump's users know. */
const CATEGORIES: Readonly<Record<number, readonly [name: string, actions: readonly string[]]>> = {
  0: ['Spectrum Management', NOTHING],
  1: ['QoS', NOTHING],
  2: ['DLS', NOTHING],
  3: ['BA', ['ADDBA Request', 'ADDBA Response', 'DELBA']],
  7: ['HT', ['TxChWidth', 'MIMOPwrSave']],
  13: [
    'MeshAction',
    [
      'MeshLink',
      'HWMP',
      'Gate Announcement',
      'Congestion Control',
      'MCCA Setup Request',
      'MCCA Setup Reply',
      'MCCA Advertisement Request',
      'MCCA Advertisement',
      'MCCA Teardown',
      'TBTT Adjustment Request',
      'TBTT Adjustment Response',
    ],
  ],
  14: ['MultiohopAction', ['Proxy Update', 'Proxy Update Confirmation']],
  15: [
    'SelfprotectAction',
    ['', 'Peering Open', 'Peering Confirm', 'Peering Close', 'Group Key Inform', 'Group Key Acknowledge'],
  ],
  127: ['Vendor', NOTHING],
};
/** `source` is where the address of the sender stands. */
export function actionText(w: Line, at: number, source: number): boolean {
  if (!w.link) {
    w.str(' (');
    w.macAt(source);
    w.char(0x29);
  }
  const [category, action] = [w.u8(at), w.u8(at + 1)];
  const [name, actions] = CATEGORIES[category] ?? [`Reserved(${category})`, NOTHING];
  const known = actions[action];
  w.str(`: ${name} ${known === undefined || known === '' ? `Act#${action}` : known}`);
  return true;
}
