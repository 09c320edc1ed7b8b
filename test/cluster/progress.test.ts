/** What counts as progress, on pods that flap, that are slow, and that crash late. */
import { expect, it } from 'vitest';
import { auditLog } from './fixtures.ts';
import { isReady } from './objects.ts';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

const eventsOf = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

it('pods that flap between ready and not for ever do not wind up the progress deadline', async () => {
  const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 2], step: 2, pacing: 'batch', progressDeadline: '6s' } as const;
  const run = upgrade.start(wanted, '-o', 'json');
  const [flapping] = await upgrade.namespace.untilPods(GREY, (pods) => pods.length === 2, { what: 'the first step' });
  await upgrade.namespace.behave(flapping?.metadata.name ?? '', { mode: 'flap' });
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  expect(eventsOf(run.stdout).at(-1)).toMatchObject({ outcome: 'stuck', reason: 'not-ready' });
  expect(await upgrade.counts()).toEqual([2, 2]);
  const ready = (await upgrade.judge.stop()).history.map(({ perDeployment }) => perDeployment[GREY]?.ready ?? 0);
  const turns = ready.filter((count, i) => count !== (ready[i - 1] ?? 0));
  expect(turns.length).toBeGreaterThan(4);
});

it('pods that are slow but alive are starting, and no reason to fail fast', async () => {
  // Longer than what is in vain is waited for.
  const upgrade = await Upgrade.of({ main: 1, greyBehaviour: { readySeconds: 13 } });
  const run = upgrade.start({ targets: [0, 1], step: 1 }, '--fail-fast', '-o', 'json');
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  const causes = eventsOf(run.stdout).flatMap(({ standing }) => {
    const told = (standing as { causes?: readonly { side: string; reason: string; doomed?: boolean }[] })?.causes;
    return told?.filter(({ side }) => side === 'grey') ?? [];
  });
  expect([...new Set(causes.map(({ reason }) => reason))]).toEqual(['starting']);
  expect(causes.filter(({ doomed }) => doomed)).toEqual([]);
});

it('half of grey crashes while main goes: the crash is told, and no more of main is removed', async () => {
  // Time enough to have pods crash before the next one is ready, also where all else is quick.
  const upgrade = await Upgrade.of({ main: 6, greyBehaviour: { readySeconds: 5 } });
  const wanted = { targets: [0, 6], step: 1, progressDeadline: '12s' } as const;
  const run = upgrade.start(wanted, '-o', 'json');
  await run.line(/"scaled".*"main","from":4,"to":3/);
  const pods = (await upgrade.namespace.list('pods', { labelSelector: `app=${GREY}` })).filter(isReady);
  const crashing = pods.slice(0, Math.ceil(pods.length / 2));
  for (const { metadata } of crashing)
    await upgrade.namespace.behave(metadata.name, { mode: 'crashloop', backoffSeconds: 600 });
  await upgrade.namespace.untilPods(GREY, (all) => all.filter((pod) => !isReady(pod)).length >= crashing.length);
  const crashed = new Date().toISOString();
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  expect(eventsOf(run.stdout).at(-1)).toMatchObject({ outcome: 'stuck', reason: 'crash' });
  const after = (await auditLog().scaleWrites(upgrade.namespace.name)).filter(
    ({ deployment, time, code }) => deployment === MAIN && code === 200 && time > crashed,
  );
  // One may have been under way.
  expect(after.length, JSON.stringify(after)).toBeLessThanOrEqual(1);
  expect((await upgrade.counts())[0]).toBeGreaterThan(0);
});

it('half of grey crashes when the last of main goes: the upgrade is not done, and says why', async () => {
  const upgrade = await Upgrade.of({ main: 4, behaviour: { terminateSeconds: 6 }, greyBehaviour: {} });
  const run = upgrade.start({ targets: [0, 4], step: 2, progressDeadline: '8s' }, '-o', 'json');
  await run.line(/"scaled".*"main".*"to":0/);
  const pods = await upgrade.namespace.list('pods', { labelSelector: `app=${GREY}` });
  for (const { metadata } of pods.slice(0, 2)) {
    await upgrade.namespace.behave(metadata.name, { mode: 'crashloop', backoffSeconds: 600 });
  }
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
  expect(eventsOf(run.stdout).at(-1)).toMatchObject({ outcome: 'stuck', reason: 'crash' });
  expect(await upgrade.counts()).toEqual([0, 4]);

  for (const { metadata } of pods) await upgrade.namespace.behave(metadata.name, { mode: 'ready', backoffSeconds: 0 });
});
