import { describe, expect, it } from 'vitest';
import { refusedStartText, renderCheck } from '../../src/output/check-text.ts';
import { findingText } from '../../src/output/finding-text.ts';
import type { CheckName, CheckReport, Fact, Finding, Level } from '../../src/upgrade/finding.ts';

const main = { namespace: 'serving', name: 'llama-v1' };
const grey = { namespace: 'serving', name: 'llama-v2' };
const TO = { program: 'dupgrade', upgrade: { name: 'llama-v2', namespace: 'serving' } } as const;
const FRAME = { program: 'dupgrade', color: false, columns: 80 } as const;

const finding = (name: CheckName, level: Level, fact: Fact): Finding => ({ name, level, fact });
const advice = {
  take: { mode: 'scaleInPriority', pacing: 'window' },
  reasons: [{ kind: 'smaller-step', mode: 'scaleOutPriority', step: 2 }],
} as const;
const shortage = { resource: 'gpus', needed: 24, free: 16 } as const;

const FACTS: readonly (readonly [CheckName, Fact, string])[] = [
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

describe('what a check says', () => {
  it.each(FACTS)('%s: %j', (name, fact, said) => {
    expect(findingText(finding(name, 'warning', fact), TO)).toContain(said);
  });
});

const reportOf = (change: Partial<CheckReport>): CheckReport => ({
  name: 'llama-v2',
  namespace: 'serving',
  deployments: { main, grey },
  verdict: 'ok',
  strict: false,
  skipped: [],
  findings: [],
  ...change,
});

const AUTOSCALER = finding('autoscalers', 'refusal', {
  check: 'autoscaler',
  side: 'grey',
  deployment: grey,
  kind: 'HorizontalPodAutoscaler',
  name: 'hpa',
  idle: false,
});
const MISSING = finding('deployments', 'refusal', { check: 'deployment-missing', side: 'main', deployment: main });

describe('what dupgrade check prints', () => {
  it('breaks its lines beside the names of the checks', () => {
    const lines = renderCheck(reportOf({ verdict: 'refused', findings: [AUTOSCALER] }), FRAME).split('\n');
    expect(lines[0]).toMatch(/^REFUSAL {3}autoscalers {5}grey: Horizontal/);
    expect(lines[1]).toMatch(/^ {26}\S/);
    expect(lines.slice(0, -2).every((line) => line.length <= 80)).toBe(true);
    expect(lines.at(-2)).toBe(
      '1 refusal: dupgrade start would refuse llama-v2; where you know better: --skip-check autoscalers.',
    );
  });

  it('offers no way round what cannot be skipped', () => {
    expect(renderCheck(reportOf({ verdict: 'refused', findings: [MISSING] }), FRAME)).not.toContain('--skip-check');
    const text = refusedStartText([MISSING, AUTOSCALER], TO);
    expect(text).toContain('\nWhere you know better: --skip-check autoscalers');
    expect(refusedStartText([MISSING], TO)).not.toContain('--skip-check');
  });

  it('lets no name from the cluster reach the terminal as it is', () => {
    const fact: Fact = { check: 'services', both: ['\u001B[2Jname\u202E'], only: { main: [], grey: [] } };
    expect(renderCheck(reportOf({ findings: [finding('services', 'ok', fact)] }), FRAME)).not.toMatch(
      /(?!\n)[\p{Cc}\p{Cf}]/u,
    );
  });
});
