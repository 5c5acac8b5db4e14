/** By the names that tcpdump's users know. */
type Names = Readonly<Record<number, string>>;

export const RECORDS: Names = {
  0: 'End',
  1: 'Chassis ID',
  2: 'Port ID',
  3: 'Time to Live',
  4: 'Port Description',
  5: 'System Name',
  6: 'System Description',
  7: 'System Capabilities',
  8: 'Management Address',
  127: 'Organization specific',
};
export const CHASSIS: Names = {
  1: 'Chassis component',
  2: 'Interface alias',
  3: 'Port component',
  4: 'MAC address',
  5: 'Network address',
  6: 'Interface name',
  7: 'Local',
};
export const PORTS: Names = {
  1: 'Interface alias',
  2: 'Port component',
  3: 'MAC address',
  4: 'Network Address',
  5: 'Interface Name',
  6: 'Agent circuit ID',
  7: 'Local',
};
export const NUMBERINGS: Names = { 2: 'Interface Index', 3: 'System Port Number' };
export const CAPABILITIES = [
  [1, 'Other'],
  [2, 'Repeater'],
  [4, 'Bridge'],
  [8, 'WLAN AP'],
  [16, 'Router'],
  [32, 'Telephone'],
  [64, 'Docsis'],
  [128, 'Station Only'],
] as const;
