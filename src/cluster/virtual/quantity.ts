import type { Quantities } from '../port.ts';
import type { PodSpec } from './objects.ts';
import type { Room } from './scenario.ts';

export const GPU = 'nvidia.com/gpu';

const UNITS: Readonly<Record<string, number>> = {
  m: 0.001,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const QUANTITY = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** The amount that a quantity of Kubernetes is: "500m" is 0.5, "2Ki" is 2048. Undefined where it is none. */
export const amountOf = (quantity: string): number | undefined => {
  const [, digits, unit = ''] = QUANTITY.exec(quantity) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? Number.NaN);
};

/** 500 → "500m", 2000 → "2". */
export const cpuQuantity = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

/** In the largest unit in which it is a whole number. */
export const memoryQuantity = (bytes: number): string => {
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((each) => bytes > 0 && bytes % (UNITS[each] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (UNITS[unit] ?? 1)}${unit}`;
};

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
