import { expect, it } from 'vitest';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

const slow = { behaviour: { readySeconds: 1, terminateSeconds: 1 } };

it('both sides are scaled up in the middle, to stand a surge, and the upgrade goes on to the targets of its spec', async () => {
  const upgrade = await Upgrade.of({ main: 9, ...slow });
  const run = upgrade.start({ targets: [0, 9] }, '--on-hold', 'wait');
  await run.line(/main [5-7]\/[5-7] ready.*; grey [2-5]\//);
  const surge = await upgrade.command('set-target', '--main', '10', '--grey', '8');
  expect(surge, surge.stderr).toMatchObject({ code: 0 });
  const held = await run.line('reached the targets set by');
  expect(await upgrade.counts()).toEqual([10, 8]);
  await upgrade.namespace.untilReady(MAIN, 10);
  await upgrade.namespace.untilReady(GREY, 8);

  expect(await upgrade.command('resume')).toMatchObject({ code: 0 });
  await run.line('resumed by', { after: held });
  expect(await run.exit, run.stdout).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 9]);
  expect((await upgrade.judge.stop()).minReady).toBeGreaterThanOrEqual(9);
});

it('pause holds an upgrade within a second, and resume lets it go on, each from another process', async () => {
  const upgrade = await Upgrade.of({ main: 9, ...slow });
  const run = upgrade.start({ targets: [0, 9] }, '--on-hold', 'wait', '-o', 'json');
  await run.line('"scaled"');
  expect(await upgrade.command('pause')).toMatchObject({ code: 0 });
  const held = await run.line('"held"');
  const counts = await upgrade.counts();
  await upgrade.namespace.untilReady(MAIN, counts[0]);
  await upgrade.namespace.untilReady(GREY, counts[1]);
  expect(await upgrade.counts()).toEqual(counts);
  const { state, driver } = JSON.parse((await upgrade.command('status', '-o', 'json')).stdout);
  expect({ state, driven: driver !== undefined }).toEqual({ state: 'paused', driven: true });

  expect(await upgrade.command('resume')).toMatchObject({ code: 0 });
  await run.line('"scaled"', { after: held });
  expect(await run.exit, run.stdout).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 9]);
  // A pause is no reason to run another step ahead.
  expect((await upgrade.judge.stop()).maxExisting).toBeLessThanOrEqual(12);
});

it('a driver that finds its upgrade paused exits with 4 where it is to exit; resume then drives by itself', async () => {
  const upgrade = await Upgrade.of({ main: 6, ...slow });
  const run = upgrade.start({ targets: [0, 6] });
  await run.line(/grey 0 -> 3/);
  expect(await upgrade.command('pause')).toMatchObject({ code: 0 });
  expect(await run.exit, run.stdout).toMatchObject({ code: 4 });
  expect(await upgrade.command('pause')).toMatchObject({ code: 0, stdout: expect.stringContaining('paused already') });
  const resumed = await upgrade.command('resume');
  expect(resumed, resumed.stdout + resumed.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 6]);
});

it('rollback from another process brings both sides back to the counts before the start', async () => {
  const upgrade = await Upgrade.of({ main: 9, grey: 1, ...slow });
  await upgrade.judge.begin();
  const run = upgrade.start({ targets: [0, 10] });
  await run.line(/main [5-7]\/[5-7] ready/);
  const back = await upgrade.command('rollback', '--step', '5');
  expect(back, back.stderr).toMatchObject({ code: 0 });
  expect(back.stdout).toContain('back, to the counts before the start');
  expect(await run.exit, run.stdout).toMatchObject({ code: 6 });
  expect(await upgrade.counts()).toEqual([9, 1]);
  await upgrade.namespace.untilReady(MAIN, 9);
  expect((await upgrade.judge.stop()).minReady).toBeGreaterThanOrEqual(9);
  expect(await upgrade.command('rollback', 'server-v2')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to do'),
  });
});

it('abort from another process ends an upgrade where it is; a start then begins a new one', async () => {
  const upgrade = await Upgrade.of({ main: 6, ...slow });
  const run = upgrade.start({ targets: [0, 6] });
  await run.line(/main 6 -> \d/);
  expect(await upgrade.command('abort')).toMatchObject({ code: 0 });
  expect(await run.exit, run.stdout).toMatchObject({ code: 4 });
  const [main, grey] = await upgrade.counts();
  expect(main + grey).toBeGreaterThanOrEqual(6);
  expect(main).toBeGreaterThan(0);
  expect(await upgrade.command('abort', 'server-v2')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to do'),
  });
  expect(await upgrade.command('set-target', 'server-v2', '--ready')).toMatchObject({ code: 3 });

  await upgrade.namespace.untilReady(GREY, grey);
  const anew = upgrade.start({ targets: [0, 6] });
  expect(await anew.exit, anew.stdout + anew.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 6]);
  const back = await upgrade.command('rollback', 'server-v2');
  expect(back, back.stdout + back.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([main, grey]);
});

it('a NAME may be left out where there is one unfinished upgrade; where there are two, they are listed', async () => {
  const upgrade = await Upgrade.of({ main: 1 });
  const none = await upgrade.command('set-target', '--ready');
  expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('has no unfinished upgrade') });
  for (const name of ['alpha', 'beta']) {
    for (const side of ['old', 'new'])
      await upgrade.namespace.createDeployment({ name: `${name}-${side}`, replicas: 0 });
    const spec = {
      apiVersion: 'dupgrade.dev/v1',
      kind: 'DeploymentUpgrade',
      metadata: { name },
      spec: {
        main: { deployment: `${name}-old`, target: 0 },
        grey: { deployment: `${name}-new`, target: 1 },
        limits: { minReady: 0 },
      },
    };
    await upgrade.namespace.setQuota({ pods: '1' });
    const run = upgrade.runWithInput(JSON.stringify(spec), 'start', '-', '--timeout', '2s');
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  }
  const both = await upgrade.command('pause');
  expect(both.code).toBe(2);
  expect(both.stderr).toMatch(/2 upgrades; which one\?\n {2}alpha .*\n {2}beta /);
  expect(await upgrade.command('abort', 'alpha')).toMatchObject({ code: 0 });
  expect(await upgrade.command('set-target', '--ready')).toMatchObject({ code: 0 });
  const { stdout } = await upgrade.command('list');
  expect(stdout).toMatch(/alpha +aborted/);
  expect(stdout).toMatch(/beta +(stuck|stopped|held)/);
});
