import { describe, expect, it } from 'vitest';
import type { UpgradeHistory } from '../../src/upgrade/history.ts';
import { dupgrade, sandboxOf, specOf } from './given.ts';

const SPEC = specOf({ step: 3 });

describe('dupgrade history', { timeout: 30_000 }, () => {
  it('knows the upgrades of a name that have ended, and what was done in the last one', async () => {
    const sandbox = await sandboxOf();
    const run = async (args: readonly string[], input = '') => {
      const cli = dupgrade(sandbox, args, input);
      const { code } = await cli.exit;
      return { code, stdout: cli.stdout, stderr: cli.stderr };
    };
    const name = ['model-v2', '-n', 'serving'];
    expect(await run(['start', '-'], SPEC)).toMatchObject({ code: 0 });
    expect(await run(['rollback', ...name])).toMatchObject({ code: 0 });
    expect(await run(['start', '-'], SPEC)).toMatchObject({ code: 0 });

    const { stdout } = await run(['history', ...name, '-o', 'json']);
    const { upgrades, journal } = JSON.parse(stdout) as UpgradeHistory;
    expect(upgrades).toMatchObject([
      { state: 'rolled-back', from: { main: 6, grey: 0 }, to: { main: 6, grey: 0 }, lowestReady: 6 },
      { state: 'completed', from: { main: 6, grey: 0 }, to: { main: 0, grey: 6 }, highestPods: 9 },
    ]);
    for (const { durationMs } of upgrades) expect(durationMs).toBeGreaterThan(0);
    expect(journal[0]).toMatchObject({ did: 'verb', verb: 'start' });
    expect(journal.at(-1)).toMatchObject({ did: 'ended', outcome: 'reached' });

    const text = await run(['history', ...name]);
    expect(text.stdout).toMatch(
      /model-v2 +\S+Z +\S+ pid \d+ +completed +\d+s +6->0 +0->6 +|model-v2 +\S+Z +.+ +completed/,
    );
    expect(text.stdout).toContain(': done');
    const all = await run(['history', '-A']);
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(3);
    expect((await run(['history', ...name, '-A'])).code).toBe(2);
    expect(await run(['history', '-n', 'default'])).toMatchObject({ code: 0, stdout: 'No upgrades found.\n' });
    expect(await run(['history', 'other', '-n', 'serving'])).toMatchObject({ code: 3 });
  });
});
