import type { ObjectRef } from '../cluster/port.ts';
import { amountOf } from '../cluster/quantity.ts';
import type { Action, Failure, QuotaSetup, Room, Scenario, Spread } from '../cluster/virtual/scenario.ts';
import { parseDuration } from '../spec/duration.ts';
import type { ScenarioFile } from './schema.ts';

type Spec = ScenarioFile['spec'];
type DeploymentOfFile = Spec['deployments'][number];
type FailureOfFile = NonNullable<DeploymentOfFile['failures']>[number];
type HappeningOfFile = NonNullable<Spec['happenings']>[number];
type QuotaOfFile = NonNullable<Spec['quotas']>[number];
type Amount = string | number;

/** The scenario of a file that keeps every rule. */
export const scenarioOf = ({ metadata, spec }: ScenarioFile): Scenario => {
  const home = metadata.namespace ?? 'default';
  return {
    name: metadata.name,
    seed: spec.seed,
    nodes: spec.nodes.map(({ name, count, pods, labels, ...room }) => ({
      name,
      count,
      pods,
      ...(labels && { labels }),
      ...roomOf(room),
    })),
    deployments: spec.deployments.map((each) => deploymentOf(each, home)),
    quotas: (spec.quotas ?? []).map((each) => quotaOf(each, home)),
    happenings: (spec.happenings ?? []).map((each) => ({
      atMs: parseDuration(each.at),
      action: actionOf(each, home),
    })),
  };
};

const amount = (written: Amount): number => amountOf(String(written)) ?? 0;

const roomOf = ({ cpu, memory, gpus }: { cpu: Amount; memory: Amount; gpus: number }): Room => ({
  cpuMilli: Math.round(amount(cpu) * 1000),
  memoryBytes: Math.round(amount(memory)),
  gpus,
});

const deploymentOf = (file: DeploymentOfFile, home: string): Scenario['deployments'][number] => ({
  namespace: file.namespace ?? home,
  name: file.name,
  replicas: file.replicas,
  ...(file.labels && { labels: file.labels }),
  image: file.image ?? `${file.name}:1`,
  requests: roomOf(file),
  ...(file.nodeSelector && { nodeSelector: file.nodeSelector }),
  readyAfter: spreadOf(file.ready),
  termination: spreadOf(file.termination),
  gracePeriodSeconds: Math.ceil(parseDuration(file.gracePeriod) / 1000),
  failures: (file.failures ?? []).map(failureOf),
});

const failureOf = ({ fault, pods, share, after }: FailureOfFile): Failure => ({
  kind: fault,
  ...(pods && { pods }),
  ...(share !== undefined && { share: Number.parseFloat(share) / 100 }),
  ...(after !== undefined && { afterMs: parseDuration(after) }),
});

const spreadOf = (written: DeploymentOfFile['ready']): Spread => {
  if (typeof written === 'string') return { kind: 'fixed', ms: parseDuration(written) };
  const { from, to, median, sigma, samples } = written;
  if (from !== undefined && to !== undefined) {
    return { kind: 'range', fromMs: parseDuration(from), toMs: parseDuration(to) };
  }
  if (median !== undefined) return { kind: 'log-normal', medianMs: parseDuration(median), sigma: Number(sigma ?? 0) };
  return { kind: 'samples', samplesMs: (samples ?? []).map(parseDuration) };
};

const quotaOf = ({ namespace, pods, cpu, memory, gpus }: QuotaOfFile, home: string): QuotaSetup => ({
  namespace: namespace ?? home,
  ...(pods !== undefined && { pods }),
  ...(cpu !== undefined && { cpuMilli: Math.round(amount(cpu) * 1000) }),
  ...(memory !== undefined && { memoryBytes: Math.round(amount(memory)) }),
  ...(gpus !== undefined && { gpus }),
});

const actionOf = (file: HappeningOfFile, home: string): Action => {
  const { scale, setImage, deletePods, deleteDeployment, breakNode, loseNode, mendNode, setQuota } = file;
  const refOf = (part: { deployment: string; namespace?: string | undefined }): ObjectRef => ({
    namespace: part.namespace ?? home,
    name: part.deployment,
  });
  if (scale) {
    return { kind: 'scale', deployment: refOf(scale), replicas: scale.replicas, manager: scale.manager };
  }
  if (setImage) {
    return { kind: 'set-image', deployment: refOf(setImage), image: setImage.image, manager: setImage.manager };
  }
  if (deletePods) return { kind: 'delete-pods', deployment: refOf(deletePods), pods: deletePods.count };
  if (deleteDeployment) return { kind: 'delete-deployment', deployment: refOf(deleteDeployment) };
  if (breakNode !== undefined) return { kind: 'break-node', node: breakNode };
  if (loseNode !== undefined) return { kind: 'lose-node', node: loseNode };
  if (mendNode !== undefined) return { kind: 'mend-node', node: mendNode };
  return { kind: 'set-quota', quota: quotaOf(setQuota ?? {}, home) };
};
