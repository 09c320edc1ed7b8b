import { parseScenario } from '../../src/scenario/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';

/** A scenario with every field, each on a line of its own. */
export const FILE = `apiVersion: dupgrade.dev/v1
kind: Scenario
metadata:
  name: test
  namespace: serving
spec:
  seed: 7
  nodes:
    - name: gpu
      count: 3
      cpu: 96
      memory: 1Ti
      gpus: 8
      pods: 250
  deployments:
    - name: llama-v1
      replicas: 12
      labels:
        tier: gpu
      image: llama:1
      cpu: 500m
      memory: 64Gi
      gpus: 1
      ready: 90s
      termination:
        from: 5s
        to: 20s
      gracePeriod: 1m
    - name: llama-v2
      namespace: next
      replicas: 0
      ready:
        median: 3m
        sigma: 0.4
      termination:
        samples: [1s, 2s]
      failures:
        - fault: turn-unready
          pods: [2, 5]
          after: 5m
        - fault: crash-loop
          share: 2.5%
        - fault: never-ready
  quotas:
    - namespace: next
      pods: 20
      cpu: 2.5
      memory: 1Gi
      gpus: 16
  happenings:
    - at: 10m
      scale:
        deployment: llama-v1
        replicas: 20
        manager: keda
    - at: 11m
      breakNode: gpu-2
`;

/** A row of a table: what is wrong, the text that is replaced, by what, the line that tells it. */
export type Edit = readonly [string, string, string, string];

/** The text with one place changed; the place must be there. */
export const edited = (from: string, to: string): string => {
  if (FILE.split(from).length !== 2) throw new Error(`"${from}" does not stand in the text exactly once`);
  return FILE.replace(from, () => to);
};

/** The lines that a text is refused with. */
export const linesOf = (text: string): readonly string[] => {
  try {
    parseScenario({ file: 's.yaml', text });
  } catch (error) {
    if (error instanceof SpecError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the scenario was taken');
};
