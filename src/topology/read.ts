import { linkTypeOf } from '../linux/link-type.ts';
import { identifiedNamespaces, identity, type Namespace, namesOfNamespaces } from '../linux/namespace.ts';
import { type Census, census, containerOf, type Process, processOf } from '../linux/processes.ts';
import { tunHolders } from '../linux/tun-holders.ts';
import { deviceId, edgesOf } from './edges.ts';
import { Survey } from './survey.ts';
import type { Device, NamespaceNode, Topology } from './topology.ts';

const TUN = 'tun';

/**
 * Looks at everything now. Namespaces that go meanwhile are left out. `also` are namespaces that have neither a name nor a
 * process, and what they are called.
 */
export function readTopology(also: readonly Namespace[] = []): Topology {
  const surveys: Survey[] = [];
  try {
    for (const [id, namespace] of identifiedNamespaces(also)) {
      const survey = Survey.of(id, namespace);
      if (survey !== undefined) surveys.push(survey);
    }
    const people = census();
    const holders = holdersOf(surveys);
    return {
      namespaces: nodesOf(surveys, people),
      devices: surveys.flatMap((survey) => devicesOf(survey, holders)),
      edges: edgesOf(surveys),
      unseen: people.unseen,
    };
  } finally {
    for (const survey of surveys) survey[Symbol.dispose]();
  }
}
function nodesOf(surveys: readonly Survey[], { members }: Census): NamespaceNode[] {
  const named = namesOfNamespaces();
  const own = identity({ path: undefined });
  return surveys.map(({ id, namespace, obstacle }) => {
    const processes = members.get(id) ?? [];
    const first = processes[0];
    return {
      id,
      namespace,
      own: id === own,
      names: named.get(id) ?? [],
      container: first === undefined ? undefined : containerOf(first),
      firstProcess: first === undefined ? undefined : processOf(first),
      processes: processes.length,
      obstacle,
    };
  });
}
function devicesOf(survey: Survey, holders: ReadonlyMap<string, Process[]>): Device[] {
  return survey.links.map((link) => ({
    ...link,
    id: deviceId(survey.id, link.index),
    namespace: survey.id,
    addresses: survey.addresses.filter(({ device }) => device === link.index),
    linkType: linkTypeOf(link.hardware).name,
    obstacle: survey.captureObstacle,
    holders: link.kind === TUN ? (holders.get(`${survey.id} ${link.name}`) ?? []) : [],
  }));
}
/** By the identity of the device's namespace and its name: the descriptors of all processes are looked at only if need be. */
function holdersOf(surveys: readonly Survey[]): Map<string, Process[]> {
  const found = new Map<string, Process[]>();
  if (!surveys.some(({ links }) => links.some(({ kind }) => kind === TUN))) return found;
  for (const { pid, device, namespace } of tunHolders()) {
    const process = processOf(pid);
    if (process === undefined) continue;
    const key = `${namespace} ${device}`;
    found.set(key, [...(found.get(key) ?? []), process]);
  }
  return found;
}
