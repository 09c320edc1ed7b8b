import { describe, expect, it } from 'vitest';
import { dupgrade, sandboxOf, scenarioOf, specOf } from './given.ts';

const specIn = (mode = 'scaleOutPriority'): string => specOf({ mode, pacing: 'batch' });

const readyOf = (sandbox: Awaited<ReturnType<typeof sandboxOf>>): Record<string, number> =>
  Object.fromEntries(sandbox.pods().map(({ deployment, ready }) => [deployment, ready]));

describe('whole dupgrade processes over a sandbox', { timeout: 60_000 }, () => {
  it.each(['scaleOutPriority', 'scaleInPriority', 'scaleSimultaneously'])('upgrade with %s', async (mode) => {
    const sandbox = await sandboxOf();
    const cli = dupgrade(sandbox, ['start', '-', '-o', 'json'], specIn(mode));
    expect(await cli.exit, cli.stderr).toEqual({ code: 0, signal: null });
    expect(readyOf(sandbox)).toEqual({ 'model-v1': 0, 'model-v2': 6 });
    expect((await dupgrade(sandbox, ['status', 'model-v2']).exit).code).toBe(0);
  });

  it('get out of a step that never completes with set-target --ready, and the driver that lives carries it out', async () => {
    const sandbox = await sandboxOf({ scenario: scenarioOf([{ kind: 'never-ready', pods: [2] }]) });
    const driver = dupgrade(sandbox, ['start', '-'], specIn());
    await driver.line('grey 1/2 ready');
    expect((await dupgrade(sandbox, ['set-target', '--ready', '-n', 'serving']).exit).code).toBe(0);
    expect((await driver.exit).code).toBe(4);
    expect(readyOf(sandbox)).toEqual({ 'model-v1': 6, 'model-v2': 1 });
    const resumed = dupgrade(sandbox, ['resume', '-n', 'serving']);
    expect((await resumed.exit).code, resumed.stderr).toBe(0);
    expect(readyOf(sandbox)).toEqual({ 'model-v1': 0, 'model-v2': 6 });
  });

  it('are paused and resumed', async () => {
    // Slow enough that a pause comes in the middle, on a busy machine too.
    const sandbox = await sandboxOf({ speed: 8 });
    const driver = dupgrade(sandbox, ['start', '-'], specIn());
    await driver.line('grey 0 → 2');
    const paused = dupgrade(sandbox, ['pause']);
    expect((await paused.exit).code, paused.stderr).toBe(0);
    expect((await driver.exit).code).toBe(4);
    const resumed = dupgrade(sandbox, ['resume']);
    expect((await resumed.exit).code, resumed.stderr).toBe(0);
  });

  it('are refused with 8 where another driver lives', async () => {
    const sandbox = await sandboxOf({ speed: 1 });
    const driver = dupgrade(sandbox, ['start', '-'], specIn());
    await driver.line('grey 0 → 2');
    const second = dupgrade(sandbox, ['start', '-'], specIn());
    expect((await second.exit).code).toBe(8);
    driver.kill('SIGINT');
    expect((await driver.exit).code).toBe(130);
  });

  it('end with 8 where somebody else scales, and name who', async () => {
    const sandbox = await sandboxOf({ speed: 1 });
    const driver = dupgrade(sandbox, ['start', '-'], specIn());
    await driver.line('grey 0 → 2');
    const deployment = { namespace: 'serving', name: 'model-v2' };
    sandbox.do({ kind: 'scale', deployment, replicas: 5, manager: 'an-autoscaler' });
    expect((await driver.exit).code).toBe(8);
    expect(driver.stdout + driver.stderr).toContain('an-autoscaler');
  });
});
