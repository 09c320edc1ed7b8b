import { expect, it } from 'vitest';
import { plane } from './fixtures.ts';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

it('--steal from a driver in full swing: the thief goes on to the end, the robbed one ends with 8', async () => {
  const upgrade = await Upgrade.of({ main: 6, behaviour: { readySeconds: 1 } });
  const wanted = { targets: [0, 6], step: 1 } as const;
  const first = upgrade.start(wanted);
  await first.line(/main 6 -> 5/);
  const second = upgrade.start(wanted, '--steal');
  expect(await first.exit, first.stdout).toMatchObject({ code: 8 });
  expect(first.stdout).toContain(`pid ${second.pid}`);
  expect(await second.exit, second.stdout + second.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 6]);
});

it('start of a completed upgrade changes nothing, so that rollback still knows the way back', async () => {
  const upgrade = await Upgrade.of({ main: 3 });
  const wanted = { targets: [0, 3] } as const;
  const first = upgrade.start(wanted);
  expect(await first.exit, first.stdout).toMatchObject({ code: 0 });
  const again = upgrade.start(wanted);
  expect(await again.exit, again.stdout).toMatchObject({ code: 0 });
  expect(again.stdout).toContain('it is completed already; nothing was touched');
  const nameless = await upgrade.command('rollback');
  expect(nameless).toMatchObject({ code: 3, stderr: expect.stringContaining('server-v2 (completed)') });
  expect(await upgrade.command('rollback', upgrade.name)).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([3, 0]);
});

it('a rollback beside an unfinished upgrade of the same Deployments is refused and names it', async () => {
  const upgrade = await Upgrade.of({ main: 2 });
  const first = upgrade.start({ targets: [0, 2] });
  expect(await first.exit, first.stdout).toMatchObject({ code: 0 });
  const spec = {
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'second' },
    spec: { main: { deployment: GREY, target: 0 }, grey: { deployment: MAIN, target: 2 }, limits: { minReady: 2 } },
  };
  await upgrade.namespace.setQuota({ pods: '2' });
  const second = upgrade.runWithInput(JSON.stringify(spec), 'start', '-', '--timeout', '2s');
  expect(await second.exit, second.stdout + second.stderr).toMatchObject({ code: 5 });
  const counts = await upgrade.counts();
  const back = await upgrade.command('rollback', upgrade.name);
  expect(back.code, back.stdout + back.stderr).toBe(3);
  expect(back.stderr).toContain(`upgrade ${upgrade.namespace.name}/second already moves`);
  expect(await upgrade.counts()).toEqual(counts);
  const { stdout } = await upgrade.command('status', upgrade.name, '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ state: 'completed' });
});

it('a scale to 0 by somebody else stops the upgrade, though Kubernetes keeps no name for it', async () => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { mode: 'never-ready' } });
  const run = upgrade.start({ targets: [0, 3], step: 1 });
  await run.line(/grey 0 -> 1/);
  await plane.kubectl(['scale', 'deployment', MAIN, '--replicas=0', '-n', upgrade.namespace.name]);
  expect(await run.exit, run.stdout).toMatchObject({ code: 8 });
  expect(run.stdout).toContain('somebody (Kubernetes keeps no name for a scale to 0) set main to 0, where 3 was left');
});

it('status -w says why it ends when a Deployment is deleted, and what is left of an upgrade that has ended', async () => {
  const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
  const run = upgrade.start({ targets: [0, 2], step: 1 });
  await run.line(/grey 0 -> 1/);
  const watched = upgrade.run('status', '-w');
  await watched.line('going on with server-v2');
  await upgrade.namespace.remove('deployments', GREY);
  expect(await run.exit, run.stdout).toMatchObject({ code: 8 });
  expect(await watched.exit, watched.stdout).toMatchObject({ code: 8 });
  expect(watched.stdout).toContain('deployment-gone');
  expect(await upgrade.command('abort')).toMatchObject({ code: 0 });
  const ended = await upgrade.command('status', upgrade.name, '-w');
  expect(ended).toMatchObject({ code: 4, stdout: expect.stringContaining('aborted') });
});

it('start does not go on with an upgrade that is on its way back', async () => {
  const upgrade = await Upgrade.of({ main: 3, behaviour: { readySeconds: 2 } });
  const wanted = { targets: [0, 3], step: 1 } as const;
  const run = upgrade.start(wanted);
  await run.line(/main 3 -> 2/);
  run.kill('SIGINT');
  expect(await run.exit).toMatchObject({ code: 130 });
  const back = upgrade.run('rollback');
  await back.line(/main 2 -> 3/);
  back.kill('SIGINT');
  await back.exit;
  const again = upgrade.start(wanted);
  expect(await again.exit, again.stdout).toMatchObject({ code: 3 });
  expect(again.stderr).toContain('is on its way back');
});
