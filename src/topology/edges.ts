import type { Link } from '../linux/links.ts';
import type { Survey } from './survey.ts';
import type { Edge } from './topology.ts';

export const deviceId = (namespace: string, index: number): string => `${namespace}/${index}`;
/** Kinds whose lower device is the other end of a cable. */
const CABLES: ReadonlySet<string | undefined> = new Set(['veth', 'vxcan', 'netkit']);

/** How the devices of all namespaces hang together. */
export function edgesOf(surveys: readonly Survey[]): Edge[] {
  const here = new Set(surveys.flatMap(({ id, links }) => links.map(({ index }) => deviceId(id, index))));
  const told = new Set<string>();
  return surveys.flatMap((survey) => {
    const neighbours = survey.whoAre(numbersIn(survey.links), surveys);
    return survey.links.flatMap((link) => {
      const edges = edgesOfLink(survey, link, neighbours, here);
      for (const { kind, from, to } of edges) if (kind === 'peer') told.add(`${to} ${from}`);
      return edges.filter(({ kind, from, to }) => kind !== 'peer' || !told.has(`${from} ${to}`));
    });
  });
}
function edgesOfLink(
  survey: Survey,
  link: Link,
  neighbours: ReadonlyMap<number, Survey>,
  here: ReadonlySet<string>,
): Edge[] {
  const from = deviceId(survey.id, link.index);
  const edges: Edge[] = [];
  const add = (kind: Edge['kind'], to: string | undefined) =>
    edges.push({ kind, from, to: to !== undefined && here.has(to) ? to : undefined });
  if (link.master !== undefined) add('port', deviceId(survey.id, link.master));
  if (link.lower !== undefined) {
    const where = link.lowerNamespace === undefined ? survey : neighbours.get(link.lowerNamespace);
    add(CABLES.has(link.kind) ? 'peer' : 'over', where === undefined ? undefined : deviceId(where.id, link.lower));
  }
  return edges;
}
/** The numbers of other namespaces that devices refer to. */
const numbersIn = (links: readonly Link[]): Set<number> =>
  new Set(links.flatMap(({ lower, lowerNamespace: of }) => (lower === undefined || of === undefined ? [] : [of])));
