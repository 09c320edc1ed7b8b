import type { CheckName, Fact } from '../../src/upgrade/finding.ts';

const main = { namespace: 'serving', name: 'llama-v1' };
const grey = { namespace: 'serving', name: 'llama-v2' };

const advice = {
  take: { mode: 'scaleInPriority', pacing: 'window' },
  reasons: [{ kind: 'smaller-step', mode: 'scaleOutPriority', step: 2 }],
} as const;

const shortage = { resource: 'gpus', needed: 24, free: 16 } as const;

/** A fact of each kind, the check that found it, and what is said of it. */
export const FACTS: readonly (readonly [CheckName, Fact, string])[] = [
  [
    'rights',
    { check: 'rights-missing', rights: ['list pods in namespace a', 'get leases in namespace a'] },
    'may not list pods in namespace a, nor get leases',
  ],
  [
    'ready',
    { check: 'unready', side: 'main', deployment: main, asked: 30, ready: 27 },
    '27 of 30 asked pods of Deployment serving/llama-v1 are ready',
  ],
  [
    'paused',
    { check: 'paused', side: 'grey', deployment: grey },
    'kubectl rollout resume deployment/llama-v2 -n serving',
  ],
  [
    'services',
    { check: 'services', both: ['api'], only: { main: [], grey: ['preview'] } },
    'api sends requests to both sides; preview selects grey only',
  ],
  [
    'services',
    { check: 'services', both: [], only: { main: ['api'], grey: [] } },
    'no Service sends requests to both sides: api selects main only',
  ],
  [
    'autoscalers',
    { check: 'autoscaler', side: 'grey', deployment: grey, kind: 'ScaledObject', name: 'so', idle: false },
    'autoscaling.keda.sh/paused',
  ],
  [
    'owners',
    { check: 'owner', side: 'main', deployment: main, owner: 'Argo CD', ownsReplicas: true },
    'RespectIgnoreDifferences=true',
  ],
  [
    'owners',
    { check: 'owner', side: 'main', deployment: main, owner: 'Helm', ownsReplicas: true },
    'run no helm upgrade on the way',
  ],
  ['budgets', { check: 'budgets', of: { main: ['pdb'], grey: [] } }, 'pdb guards main only'],
  [
    'quota',
    { check: 'quota-short', namespace: 'serving', quota: 'team', shortage, advice },
    'ResourceQuota serving/team leaves too little: at its peak the way needs 24 more GPUs, 16 are free; scaleInPriority with window fits as it is; scaleOutPriority fits with step 2',
  ],
  [
    'capacity',
    { check: 'room-short', shortages: [shortage], advice: { reasons: [] } },
    'no mode fits; make room first',
  ],
  [
    'template',
    {
      check: 'slow-step',
      side: 'main',
      deployment: main,
      because: 'grace-period',
      seconds: 900,
      progressDeadlineMs: 600_000,
    },
    'may take 15m00s to be gone (terminationGracePeriodSeconds), and the run ends after 10m00s without progress',
  ],
  [
    'deployments',
    { check: 'deployment-missing', side: 'main', deployment: main },
    'there is no Deployment serving/llama-v1',
  ],
];
