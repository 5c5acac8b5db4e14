import { WHOLE } from '../../capture/kernel-filter.ts';
import { Neighbourhood } from '../../capture/neighbourhood.ts';
import { ANY, noDevice } from '../../capture/selection.ts';
import { compileCaptureFilter } from '../../filter/capture/compile.ts';
import { printed } from '../../filter/capture/print.ts';
import { tell } from '../../format/destination.ts';
import { COOKED, linkTypeOf } from '../../linux/link-type.ts';
import type { Namespace } from '../../linux/namespace.ts';
import type { CaptureOptions } from './options.ts';

const ETHERNET = 1;

/** `-d`: the program of the filter for the first of the devices, Ethernet if none is named. */
export function printProgram(
  level: number,
  expression: string,
  namespaces: readonly Namespace[],
  devices: readonly string[],
  options: CaptureOptions,
): number {
  const linkType = options.cooked === true ? COOKED.number : linkTypeOfDevice(namespaces, devices[0]);
  const snaplen = options.snapshotLength === undefined || options.snapshotLength === 0 ? WHOLE : options.snapshotLength;
  const { program } = compileCaptureFilter(expression, { linkType, snaplen, optimise: options.optimize !== false });
  tell(printed(program, level));
  return 0;
}
function linkTypeOfDevice(namespaces: readonly Namespace[], device: string | undefined): number {
  if (device === undefined) return ETHERNET;
  if (device === ANY) return COOKED.number;
  for (const namespace of namespaces) {
    const neighbourhood = Neighbourhood.open(namespace);
    const link = neighbourhood.find(device);
    neighbourhood.close();
    if (link !== undefined) return linkTypeOf(link.hardware).number;
  }
  throw noDevice(device, namespaces);
}
