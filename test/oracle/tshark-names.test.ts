/** Names of protocols and fields mean what they mean in Wireshark. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { requireAll } from '../support/project.ts';

/** Names that are not Wireshark's, on purpose. */
const OWN_PROTOCOLS: Readonly<Record<string, string>> = {
  'gtp.control': 'what tells the versions of GTP apart, which has no bytes of its own',
  'dns.tcp': 'the length in front of a message over TCP, which Wireshark gives to dns',
};
/** At most this part of the fields may have names of our own: whole bytes around bits, and what Wireshark leaves out. */
const OWN_FIELDS = 0.1;

interface Names {
  readonly protocols: Set<string>;
  /** By field: the protocol that has it. */
  readonly fields: Map<string, string>;
}
function tsharkNames(): Names | undefined {
  const { stdout } = spawnSync('tshark', ['-G', 'fields'], { encoding: 'latin1', maxBuffer: 2 ** 28 });
  if (!stdout) return undefined;
  const names: Names = { protocols: new Set(), fields: new Map() };
  for (const line of stdout.split('\n')) {
    const [kind, , name, , parent] = line.split('\t');
    if (kind === 'P') names.protocols.add(name!);
    if (kind === 'F') names.fields.set(name!, parent!);
  }
  return names;
}
const names = tsharkNames();
const why = names === undefined ? 'tshark is not installed' : undefined;
const title = (text: string) => (why === undefined ? text : `${text} (${why})`);

test.skipIf(why !== undefined && !requireAll)(title("protocols have Wireshark's names"), () => {
  const strangers = protocols.map((p) => p.shownAs ?? p.name).filter((name) => !names!.protocols.has(name));
  expect(strangers.filter((name) => OWN_PROTOCOLS[name] === undefined)).toEqual([]);
});
test.skipIf(why !== undefined && !requireAll)(title("most fields have Wireshark's names"), () => {
  const all = protocols.flatMap((p) => p.fields.map((f) => f.name));
  const own = all.filter((name) => !names!.fields.has(name));
  expect(own.length / all.length, `names of our own: ${own.join(' ')}`).toBeLessThan(OWN_FIELDS);
});
