import type { ClusterError, LogRequest } from '../port.ts';
import type { PodPlan } from './behaviours.ts';
import type { VirtualPod } from './objects.ts';
import type { Stage } from './pod-states.ts';
import { invalid } from './refusals.ts';

/** Weights come in so many files. */
const SHARDS = 5;

/**
 * What the container of a pod has written: the lines of a model server (vLLM) that loads its weights for as long as it takes
 * to be ready. Throws ClusterError `invalid` where there was no such run, as a kubelet does.
 */
export const containerLog = (
  pod: VirtualPod,
  stage: Stage | undefined,
  plan: PodPlan,
  { container, previous, tailLines }: LogRequest,
  nowMs: number,
): readonly string[] => {
  if (!pod.spec.containers.some(({ name }) => name === container)) {
    throw invalid(`container ${container} is not valid for pod ${pod.metadata.name}`);
  }
  if (stage === undefined || stage.at === 'no-image') throw waiting(pod, container, stage);
  const hasEnded = stage.at === 'crashed' || stage.restarts > 0;
  if (previous && !hasEnded) {
    throw invalid(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  }
  const lines = previous || stage.at === 'crashed' ? CRASHED : runningLines(stage, plan, nowMs);
  return lines.slice(-tailLines);
};

const waiting = ({ metadata }: VirtualPod, container: string, stage: Stage | undefined): ClusterError =>
  invalid(
    stage?.at === 'no-image'
      ? `container "${container}" in pod "${metadata.name}" is waiting to start: trying and failing to pull image`
      : `container "${container}" in pod "${metadata.name}" is waiting to start: ContainerCreating`,
  );

const BEGIN = ['INFO [api_server.py:1289] vLLM API server', 'INFO [gpu_model_runner.py:2007] Starting to load model'];

const CRASHED = [
  ...BEGIN,
  'ERROR [core.py:708] EngineCore failed to start.',
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.',
];

const runningLines = (
  stage: Exclude<Stage, { at: 'no-image' | 'crashed' }>,
  { readyAfterMs }: PodPlan,
  nowMs: number,
): readonly string[] => {
  const share = Math.min(1, (nowMs - Date.parse(stage.since)) / Math.max(1, readyAfterMs));
  const loaded = stage.at === 'ready' ? SHARDS : Math.max(0, Math.floor(share * SHARDS));
  const shards = Array.from(
    { length: loaded + 1 },
    (_, at) =>
      `Loading safetensors checkpoint shards: ${String((100 * at) / SHARDS).padStart(3)}% Completed | ${at}/${SHARDS}`,
  );
  return [...BEGIN, ...shards, ...(stage.at === 'ready' ? ['INFO:     Application startup complete.'] : [])];
};
