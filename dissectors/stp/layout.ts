/** Where the fields of a bridge protocol data unit lie (IEEE 802.1Q clause 14): bytes from its start. */
export const AT = {
  version: 2,
  type: 3,
  flags: 4,
  root: 5,
  rootCost: 13,
  bridge: 17,
  port: 25,
  messageAge: 27,
  maxAge: 29,
  hello: 31,
  forward: 33,
  version1Length: 35,
  version3Length: 36,
  configId: 38,
  cistCost: 89,
  cistBridge: 93,
  cistHops: 101,
  trees: 102,
};
/** A configuration unit ends before the length of version 1, which rapid spanning tree added. */
export const CONFIG_SIZE = 35;
export const RAPID_SIZE = 36;

/** The identifier of a region's configuration: a selector, a name, a revision and a digest. */
export const CONFIG_ID = { name: 1, revision: 33, digest: 35, size: 51 };
/** Counted by the length of version 3 beside the trees: identifier, cost, bridge and hops. */
export const CIST_SIZE = 64;
export const TREE = { root: 1, rootCost: 9, bridgePriority: 13, portPriority: 14, hops: 15, size: 16 };
/** Shortest path bridging, from the length of version 4 on. */
export const SPB = { configId: 2, agreement: 53, format: 55, convention: 56, edges: 57, digest: 67, size: 87 };

export const TYPE = { config: 0x00, rapid: 0x02, topologyChange: 0x80 };
export const VERSION = { classic: 0, rapid: 2, multiple: 3, shortestPath: 4 };
