import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory } from '../sink/printed.ts';
import { project } from '../support/project.ts';

const registry = new Registry(protocols);
/** What tells of the fixture: the columns of each packet that has any of these fields. */
async function rowsOf(...names: readonly string[]): Promise<string[]> {
  const { output, text } = memory();
  await using source = await openFile(join(project, 'fixtures', 'protocols', 'isis.pcap'));
  await run({ source, registry, sinks: [new FieldsSink(output, names, registry)] });
  return text()
    .split('\n')
    .filter((line) => line.trim() !== '');
}
const prefixes = (kind: string, address: string) => [
  `isis.lsp.${kind}.${address}`,
  `isis.lsp.${kind}.prefix_length`,
  `isis.lsp.${kind}.metric`,
];

test('prefixes, also those of further topologies, and the default route', async () => {
  expect(
    await rowsOf(...prefixes('ext_ip_reachability', 'ipv4_prefix'), 'isis.lsp.ext_ip_reachability.distribution'),
  ).toEqual(['198.51.100.0,192.0.2.20,0.0.0.0\t24,32,0\t20,20,20\t0,1,1']);
  expect(await rowsOf(...prefixes('ipv6_reachability', 'ipv6_prefix'))).toEqual(['2001:db8::,::\t32,0\t20,20']);
});
test('narrow metrics', async () => {
  expect(await rowsOf('isis.lsp.ip_reachability.ipv4_prefix', 'isis.lsp.ip_reachability.default_metric')).toEqual([
    '198.51.100.0,198.51.100.0\t10,10',
  ]);
  expect(await rowsOf('isis.lsp.eis_neighbors.is_neighbor', 'isis.lsp.eis_neighbors.default_metric')).toEqual([
    '0000.0000.0002.01\t10',
  ]);
});
test('neighbors of all topologies, and the router', async () => {
  expect(await rowsOf('isis.lsp.ext_is_reachability.is_neighbor_id')).toEqual([
    '0000.0000.0002.00,0000.0000.0002.00,0000.0000.0002.00',
  ]);
  expect(await rowsOf('isis.lsp.rt_capable.router_id')).toEqual(['0xc0000201']);
});
test('both kinds of sequence numbers list link states', async () => {
  expect(await rowsOf('frame.protocols', 'isis.csnp.lsp_id')).toEqual(
    expect.arrayContaining(['csnp', 'psnp'].map((unit) => `eth:llc:osi:isis:isis.${unit}\t0000.0000.0001.00-00`)),
  );
});
