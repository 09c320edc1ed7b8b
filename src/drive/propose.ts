import { type Cluster, ClusterError, type Deployment } from '../cluster/port.ts';
import { type Draft, draftOf } from '../upgrade/draft.ts';
import type { InitRefusal } from '../upgrade/init-refusal.ts';
import { perSide, SIDES } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { demand } from './access.ts';
import { readCapacity } from './capacity.ts';
import { type CloneChanges, cloneOf } from './clone.ts';
import { replicasOf, type SideObjects } from './observe.ts';
import { Pods } from './pods.ts';
import { readSide } from './preflight.ts';
import { creationNeeded } from './rights.ts';

export type Wanted = Pick<UpgradeSpec, 'name' | 'deployments'> & {
  /** Grey is to be made from main, in main's namespace, with these changes. */
  readonly clone?: CloneChanges;
};

/** A spec for what there is, and the grey that is to be made first, where it was asked for. */
export type Proposal = { readonly draft: Draft; readonly clone?: Deployment } | { readonly refused: InitRefusal };

/** Reads only. */
export const propose = async (cluster: Cluster, { name, deployments, clone }: Wanted): Promise<Proposal> => {
  const [main, there] = await Promise.all([readSide(cluster, deployments.main), readSide(cluster, deployments.grey)]);
  if (main === undefined) return { refused: { why: 'missing', side: 'main', deployment: deployments.main } };
  if (clone === undefined) {
    if (there === undefined) return { refused: { why: 'missing', side: 'grey', deployment: deployments.grey } };
    return { draft: await draft(cluster, { name, deployments }, { main, grey: there }) };
  }
  if (there !== undefined) return { refused: { why: 'exists', deployment: deployments.grey } };
  const { namespace } = deployments.main;
  const services = await cluster.list('services', { namespace });
  const made = cloneOf(main.deployment, deployments.grey.name, services, clone);
  if ('refused' in made) return made;
  const grey = { deployment: made.clone, replicaSets: [], pods: Pods.of([]) };
  return { draft: await draft(cluster, { name, deployments }, { main, grey }), clone: made.clone };
};

const draft = async (
  cluster: Cluster,
  placed: Pick<Wanted, 'name' | 'deployments'>,
  sides: { readonly main: SideObjects; readonly grey: SideObjects },
): Promise<Draft> => {
  const { requests, readyTimes, graceMs, free } = await readCapacity(cluster, sides);
  // Grey's own pods are those that will be waited for; where there are none yet, main's are the nearest to them.
  const seen = readyTimes.grey ?? readyTimes.main;
  return draftOf({
    ...placed,
    counts: perSide((side) => replicasOf(sides[side].deployment)),
    requests,
    free: 'denied' in free ? { main: {}, grey: {} } : free,
    ...(seen && { startTimes: { slowestMs: seen.longestMs, pods: seen.pods } }),
    graceMs: Math.max(...SIDES.map((side) => graceMs[side])),
  });
};

/** Rejects with a ClusterError `forbidden` where this user may not make a Deployment. */
export const demandCreation = (cluster: Cluster, namespace: string): Promise<void> =>
  demand(cluster, [creationNeeded(namespace)]);

/** Makes grey; answers with a refusal where somebody else was faster. */
export const makeGrey = async (cluster: Cluster, clone: Deployment): Promise<InitRefusal | undefined> => {
  try {
    await cluster.create('deployments', clone);
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.fault !== 'exists') throw error;
    const { namespace, name } = clone.metadata;
    return { why: 'exists', deployment: { namespace, name } };
  }
};
