import type { Container, PodSpec, Quantities } from '../cluster/port.ts';
import { amountOf } from '../cluster/quantity.ts';
import type { Amounts } from '../upgrade/plan.ts';

/** What is asked for or offered, by the name of the resource: `nvidia.com/gpu`, `cpu` in thousandths, `memory` in bytes. */
export type Resources = ReadonlyMap<string, number>;

/** The unit in which a resource is counted, so that sums stay whole: thousandths of a core, else one. */
const inUnits = (resource: string, quantity: string): number => {
  const amount = amountOf(quantity) ?? 0;
  return resource === 'cpu' ? Math.round(amount * 1000) : amount;
};

export const resourcesOf = (quantities: Quantities = {}): Resources =>
  new Map(Object.entries(quantities).map(([resource, quantity]) => [resource, inUnits(resource, quantity)]));

/**
 * What the scheduler counts for a pod: the containers together, or while it starts an init container and the sidecars
 * before it, whichever is more of a resource; and the overhead. A template may set a limit alone, and means both by it.
 */
export const requestsOf = ({ containers = [], initContainers = [], overhead }: PodSpec): Resources => {
  let sidecars: Resources = new Map();
  let starting: Resources = new Map();
  for (const container of initContainers) {
    const own = requestsOfContainer(container);
    if (container.restartPolicy === 'Always') sidecars = merged(sidecars, own, sum);
    starting = merged(starting, container.restartPolicy === 'Always' ? sidecars : merged(sidecars, own, sum), Math.max);
  }
  const running = containers.reduce((all, each) => merged(all, requestsOfContainer(each), sum), sidecars);
  return merged(merged(running, starting, Math.max), resourcesOf(overhead), sum);
};

const requestsOfContainer = ({ resources }: Container): Resources =>
  resourcesOf({ ...resources?.limits, ...resources?.requests });

const sum = (a: number, b: number): number => a + b;

/** Both together, resource by resource. */
export const merged = (a: Resources, b: Resources, merge: (a: number, b: number) => number): Resources =>
  new Map([...new Set([...a.keys(), ...b.keys()])].map((key) => [key, merge(a.get(key) ?? 0, b.get(key) ?? 0)]));

/** Whole GPUs and shares of them, as the device plugins of NVIDIA, AMD and Intel name them. */
const GPU = /^(?:nvidia\.com\/(?:gpu|mig-)|amd\.com\/gpu|gpu\.intel\.com\/(?:i915|xe)$)/;

export const isGpu = (resource: string): boolean => GPU.test(resource);

/** The three that a plan speaks of. */
export const summedUp = (resources: Resources): Required<Amounts> => {
  const gpus = [...resources].filter(([name]) => isGpu(name)).reduce((all, [, amount]) => all + amount, 0);
  return { gpus, cpuMilli: resources.get('cpu') ?? 0, memoryBytes: resources.get('memory') ?? 0 };
};
