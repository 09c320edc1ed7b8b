import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { decoded } from '../../src/spec/encoding.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';
import { MODES, PACINGS } from '../../src/upgrade/leg.ts';
import { POD_REPLACEMENT_POLICIES } from '../../src/upgrade/observation.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { damaged, tryTexts } from './any-text.ts';
import { DEFAULTS } from './files.ts';

const SEED = 20_261_123;
const RUNS = 3000;

describe('any text whatever', () => {
  it('is a spec, or refused at places of the text in lines that a terminal can show', () => {
    const refusals = tryTexts({ runs: RUNS, seed: SEED });
    expect(refusals).toBeGreaterThan(RUNS / 2);
    expect(refusals).toBeLessThan(RUNS);
  });
});

/** What a text is refused with; undefined where it is not. Anything else that is thrown is thrown on. */
const refusalOf = (read: () => void): SpecError | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
};

describe('any bytes whatever', () => {
  const bytes = fc.tuple(damaged, fc.nat(400), fc.uint8Array({ maxLength: 6 })).map(([text, at, piece]) => {
    const file = Buffer.from(text);
    return Buffer.concat([file.subarray(0, at), piece, file.subarray(at)]);
  });

  it('are the text that they say in UTF-8, or refused where they say none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), bytes), (given) => {
        const error = refusalOf(() => expect(Buffer.from(decoded('up.yaml', given))).toEqual(Buffer.from(given)));
        if (error === undefined) return;
        const [problem] = error.problems;
        const before = Buffer.from(given)
          .toString('latin1')
          .split('\n')
          .slice(0, (problem?.line ?? 0) - 1);
        const start = before.reduce((sum, line) => sum + line.length + 1, 0);
        // All that stands before the place is UTF-8, and what stands there is not.
        const line = Buffer.from(given).subarray(start);
        const good = [...Array(line.length + 1).keys()].findLast((length) => isUtf8(line.subarray(0, length)));
        const wide = error.message.includes('UTF-16') || error.message.includes('UTF-32');
        expect(problem?.column).toBe(wide ? 1 : line.subarray(0, good).toString('utf8').length + 1);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

const nameWith = (last: string) => fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/).map((name) => name + last);
const count = fc.nat(2_147_483_647);
const step = fc.oneof(
  fc.integer({ min: 1, max: 2_147_483_647 }),
  fc.integer({ min: 1, max: 100_000 }).map((thousandths) => `${thousandths / 1000}%` as const),
);

const specs: fc.Arbitrary<UpgradeSpec> = fc
  .record({
    name: nameWith(''),
    deployments: fc.record({
      main: fc.record({ namespace: nameWith(''), name: nameWith('-1') }),
      grey: fc.record({ namespace: nameWith(''), name: nameWith('.2') }),
    }),
    targets: fc.record({ main: count, grey: count }),
    way: fc.record({
      mode: fc.constantFrom(...MODES),
      step: fc.record({ main: step, grey: step }),
      pacing: fc.constantFrom(...PACINGS),
    }),
    progressDeadlineMs: fc.integer({ min: 1, max: 30 * 24 * 3_600_000 }),
    podReplacementPolicy: fc.constantFrom(...POD_REPLACEMENT_POLICIES),
  })
  .map((spec) => ({ ...spec, limits: { minReady: Math.min(spec.targets.main, spec.targets.grey) } }));

/** The file that asks for a spec. */
const fileOf = (spec: UpgradeSpec) => {
  const { main, grey } = spec.deployments;
  return {
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: spec.name },
    spec: {
      ...spec.way,
      main: { deployment: main.name, namespace: main.namespace, target: spec.targets.main },
      grey: { deployment: grey.name, namespace: grey.namespace, target: spec.targets.grey },
      limits: spec.limits,
      progressDeadline: `${Math.floor(spec.progressDeadlineMs / 1000)}s${spec.progressDeadlineMs % 1000}ms`,
      podReplacementPolicy: spec.podReplacementPolicy,
    },
  };
};

describe('any spec', () => {
  it.each([
    ['YAML', (file: unknown) => stringify(file)],
    ['JSON', (file: unknown) => JSON.stringify(file, null, 2)],
  ])('comes back from a file in %s that asks for it', (_, write) => {
    fc.assert(
      fc.property(specs, (spec) => {
        const text = write(fileOf(spec));
        expect(parseSpec({ file: 'up.yaml', text }, DEFAULTS)).toEqual(spec);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
