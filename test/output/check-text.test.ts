import { describe, expect, it } from 'vitest';
import { refusedStartText, renderCheck } from '../../src/output/check-text.ts';
import { findingText } from '../../src/output/finding-text.ts';
import type { CheckName, CheckReport, Fact, Finding, Level } from '../../src/upgrade/finding.ts';
import { FACTS } from './fact-samples.ts';

const main = { namespace: 'serving', name: 'llama-v1' };
const grey = { namespace: 'serving', name: 'llama-v2' };
const TO = { program: 'dupgrade', upgrade: { name: 'llama-v2', namespace: 'serving' } } as const;
const FRAME = { program: 'dupgrade', color: false, columns: 80 } as const;

const finding = (name: CheckName, level: Level, fact: Fact): Finding => ({ name, level, fact });
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
