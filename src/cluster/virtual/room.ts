import type { Quantities } from '../port.ts';
import { amountOf, cpuQuantity, memoryQuantity } from '../quantity.ts';
import type { PodSpec } from './objects.ts';
import type { Room } from './scenario.ts';

export const GPU = 'nvidia.com/gpu';

/** A pod's or a node's room as quantities; what is nothing is left out. */
export const quantitiesOf = ({ cpuMilli, memoryBytes, gpus }: Room): Quantities => ({
  ...(cpuMilli > 0 && { cpu: cpuQuantity(cpuMilli) }),
  ...(memoryBytes > 0 && { memory: memoryQuantity(memoryBytes) }),
  ...(gpus > 0 && { [GPU]: String(gpus) }),
});

const rooms = new WeakMap<PodSpec['containers'], Room>();

/** What a pod asks for. Pods of one template share their containers, so it is worked out once for all of them. */
export const roomOf = ({ containers }: PodSpec): Room => {
  const known = rooms.get(containers);
  if (known !== undefined) return known;
  const sumOf = (resource: string): number =>
    containers.reduce((sum, { resources }) => sum + (amountOf(resources.requests[resource] ?? '0') ?? 0), 0);
  const room = { cpuMilli: Math.round(sumOf('cpu') * 1000), memoryBytes: sumOf('memory'), gpus: sumOf(GPU) };
  rooms.set(containers, room);
  return room;
};
