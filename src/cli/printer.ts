import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { standardOutput } from '../format/destination.ts';
import type { Sink } from '../sink/sink.ts';
import { TextSink } from '../sink/text.ts';
import { type PrintingFlags, SHAPES, shapeOf } from './printing.ts';
import { textOptions } from './text-options.ts';

/** The registry that reads the packets: with `-T PROTOCOL` one that has UDP's payloads read as told. */
export async function registryFor({ T, plugin }: PrintingFlags): Promise<Registry> {
  const registry = plugin.length === 0 ? new Registry(protocols) : await extended(plugin);
  if (T === undefined || SHAPES.some((name) => name === T)) return registry;
  const name = T === 'domain' ? 'dns' : T;
  const protocol = registry.protocols[registry.id(name)];
  const bound = Object.keys(protocol?.on ?? {}).filter((table) => table === 'udp.port' || table === 'tcp.port');
  if (protocol === undefined || !(bound.includes('udp.port') || protocol.guess?.in.includes('udp.port')))
    throw new ToolError(
      'usage',
      `-T ${T}: neither a shape (${SHAPES.join(', ')}) nor a protocol that UDP carries`,
      'hooktap protocols',
    );
  return registry.decodeAll('udp.port', name);
}
/** Loaded only for those who have plug-ins. */
async function extended(paths: readonly string[]): Promise<Registry> {
  const { withPlugins } = await import('./plugins.ts');
  return withPlugins(protocols, paths);
}
/** Where printed packets go. What makes other shapes than lines is loaded only for those who want them. */
export async function printingSink(flags: PrintingFlags, registry: Registry, devices = false): Promise<Sink> {
  const shape = shapeOf(flags);
  const checks = flags.dontVerifyChecksums !== true;
  if (shape === 'json') {
    const { JsonSink } = await import('../sink/json.ts');
    return new JsonSink(standardOutput(), checks);
  }
  if (shape === 'tree') {
    const { TreeSink } = await import('../sink/tree.ts');
    return new TreeSink(standardOutput(), flags.x + flags.X > 0, checks);
  }
  if (shape === 'fields') {
    const { fieldsSink } = await import('./columns.ts');
    return fieldsSink(flags, registry);
  }
  return new TextSink(standardOutput(), {
    ...textOptions({ ...flags, e: flags.e === true }),
    ...(devices ? { devices } : {}),
  });
}
