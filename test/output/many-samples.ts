import type { Result } from '../../src/upgrade/result.ts';
import { CAUSES, OUTCOMES, standing, SUMMARY, withGpus } from './samples.ts';

const of = (name: string, file = `upgrades/${name}.yaml`) => ({ upgrade: { name, namespace: 'serving' }, file });

/** One of every kind. */
export const RESULTS: readonly Result[] = [
  {
    ...of('chat'),
    kind: 'ran',
    exitCode: 0,
    durationMs: 724_000,
    outcome: OUTCOMES.reached,
    summary: { ...SUMMARY, to: { main: 0, grey: 30 } },
    standing: withGpus(standing([0, 0, 0], [30, 30, 0])),
  },
  {
    ...of('embed', 'upgrades/its own.yaml'),
    kind: 'ran',
    exitCode: 5,
    durationMs: 1_324_000,
    outcome: { ...OUTCOMES.stuck, reason: 'image', causes: CAUSES },
    summary: SUMMARY,
    standing: standing([18, 18, 0], [15, 12, 0]),
  },
  { ...of('llama'), kind: 'failed', exitCode: 3, durationMs: 900, message: 'a rollout is under way' },
  { ...of('qwen', '-'), kind: 'failed', exitCode: 7, durationMs: 900, message: 'no', reason: 'denied' },
  { ...of('rerank', "it's.yaml"), kind: 'not-begun' },
];
