import type { PodSpec } from '../cluster/port.ts';
import type { CauseDetail } from '../upgrade/health.ts';
import { isGpu, requestsOf } from './requests.ts';

export type Shortage = Extract<CauseDetail, { readonly kind: 'shortage' }>;

/**
 * What the nodes lack, by the scheduler's message: "0/8 nodes are available: 1 node(s) had untolerated taint {a: }, 7
 * Insufficient nvidia.com/gpu. preemption: …". A node that is short of two things is named with both. Told is what most
 * nodes are short of, GPUs before all else; undefined where no resource is missing.
 */
export const shortageOf = (message: string, template: PodSpec = {}): Shortage | undefined => {
  const [, nodes] = /^0\/(\d+) nodes are available: /.exec(message) ?? [];
  if (nodes === undefined) return undefined;
  const [refusals = ''] = message.split(/\.? (?:no new claims to deallocate, )?preemption: /, 1);
  const short = [...refusals.matchAll(/(\d+) Insufficient ([^\s,]+)/g)].map(([, count, resource = '']) => ({
    resource: resource.replace(/\.$/, ''),
    short: Number(count),
  }));
  const [worst] = short.toSorted((a, b) => Number(isGpu(b.resource)) - Number(isGpu(a.resource)) || b.short - a.short);
  if (worst === undefined) return undefined;
  const asked = requestsOf(template).get(worst.resource);
  const needed = worst.resource === 'cpu' && asked !== undefined ? asked / 1000 : asked;
  return { kind: 'shortage', ...worst, nodes: Number(nodes), ...(needed !== undefined && { needed }) };
};
