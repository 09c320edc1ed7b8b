import { expect, it } from 'vitest';
import { GREY, Upgrade } from './upgrade.ts';

it('a step whose pods never become ready ends with set-target --ready from another process; new targets finish', async () => {
  const upgrade = await Upgrade.of({ main: 6, greyBehaviour: { mode: 'never-ready' } });
  const run = upgrade.start({ targets: [0, 6] }, '--on-hold', 'wait');
  const step = await upgrade.namespace.untilPods(GREY, (pods) => pods.length === 3, { what: 'the first step' });
  // One of the three becomes ready after all: that one is what there is to accept.
  await upgrade.namespace.behave(step[0]?.metadata.name ?? '', { mode: 'ready' });
  await run.line(/main 6 -> 5/);
  await run.line(/grey 3 -> 4/);

  const accepted = await upgrade.command('set-target', '--ready');
  expect(accepted, accepted.stderr).toMatchObject({ code: 0 });
  expect(accepted.stdout).toContain('main: target 0 -> 5');
  expect(accepted.stdout).toContain('grey: target 6 -> 1');
  const held = await run.line('reached the targets set by');
  expect(await upgrade.counts()).toEqual([5, 1]);

  // What kept the pods from becoming ready is over: the upgrade goes on to the targets of its spec.
  const resumed = await upgrade.command('resume');
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
  const next = await run.line(/grey 1 -> 4/, { after: held });
  for (const name of await untilUnready(upgrade, 3)) await upgrade.namespace.behave(name, { mode: 'ready' });
  await run.line(/grey 4 -> \d/, { after: next });
  for (const name of await untilUnready(upgrade, 2)) await upgrade.namespace.behave(name, { mode: 'ready' });
  expect(await run.exit, run.stdout).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 6]);
});

/** The names of grey's pods that are not ready, once there are so many. */
const untilUnready = async (upgrade: Upgrade, count: number): Promise<readonly string[]> => {
  const unready = (pods: Awaited<ReturnType<typeof upgrade.namespace.untilPods>>) =>
    pods.filter(({ status }) => !status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  const pods = await upgrade.namespace.untilPods(GREY, (all) => unready(all).length === count, {
    what: `${count} unready pods`,
  });
  return unready(pods).map(({ metadata }) => metadata.name);
};

it('a grey Deployment made with 0 replicas whose pods never start ends with 5 after progressDeadline, and can be resumed', async () => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { mode: 'image-pull' } });
  const wanted = { targets: [0, 3], progressDeadline: '4s' } as const;
  const run = upgrade.start(wanted, '-o', 'json');
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  const ended = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
  expect(ended).toMatchObject({ type: 'ended', outcome: 'stuck', reason: 'image', exitCode: 5 });
  // The cluster is left as it stands, the lock is free, and the record says how it is.
  expect(await upgrade.counts()).toEqual([3, 3]);
  const status = await upgrade.command('status', '-o', 'json');
  expect(JSON.parse(status.stdout)).toMatchObject({ state: 'stuck', lastRun: { outcome: 'stuck', reason: 'image' } });
  expect(JSON.parse(status.stdout)).not.toHaveProperty('driver');

  for (const { metadata } of await upgrade.namespace.list('pods', { labelSelector: `app=${GREY}` })) {
    await upgrade.namespace.behave(metadata.name, { mode: 'ready' });
  }
  const again = upgrade.start(wanted);
  expect(await again.exit, again.stdout + again.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 3]);
});

it('--timeout bounds the whole run, and leaves the cluster as it stands', async () => {
  const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
  const run = upgrade.start({ targets: [0, 2], step: 1 }, '--timeout', '3s');
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  expect(run.stdout).toContain('dupgrade resume server-v2');
  expect(await upgrade.counts()).toEqual([2, 1]);
});
