import { expect, it } from 'vitest';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { GREY, Upgrade } from './upgrade.ts';

it('a second driver ends with 8 and names the holder, and nothing happens twice', async () => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 3], pacing: 'batch' } as const;
  const first = upgrade.start(wanted);
  await first.line(/grey 0 -> 3/);
  const second = upgrade.start(wanted);
  expect(await second.exit, second.stdout + second.stderr).toMatchObject({ code: 8 });
  expect(second.stderr).toContain(`pid ${first.pid}`);
  await becomeReady(upgrade);
  expect(await first.exit, first.stdout).toMatchObject({ code: 0 });
  expect(await upgrade.writes([3, 0])).toEqual([
    [3, 0],
    [3, 3],
    [0, 3],
  ]);
});

it('a driver that is killed in the middle of a step is succeeded by another, inside the envelope', async () => {
  const upgrade = await Upgrade.of({ main: 9, behaviour: { readySeconds: [1, 3], terminateSeconds: 1 } });
  const wanted = { targets: [0, 9] } as const;
  const first = upgrade.start(wanted);
  // How far it comes at once is for the pods to say.
  await first.line(/main [789] -> [5678]/);
  first.kill('SIGKILL');
  expect(await first.exit).toMatchObject({ signal: 'SIGKILL' });
  const second = upgrade.start(wanted);
  expect(await second.exit, second.stdout + second.stderr).toMatchObject({ code: 0 });
  expect(second.stdout).toContain('going on with server-v2');
  expect(await upgrade.counts()).toEqual([0, 9]);
  await upgrade.namespace.untilReady(GREY, 9);

  const leg = beginLeg(
    { main: 9, grey: 0 },
    { main: 0, grey: 9 },
    { mode: 'scaleOutPriority', pacing: 'window', step: { main: 3, grey: 3 } },
  );
  const { minReady, maxExisting } = await upgrade.judge.stop();
  expect(minReady).toBeGreaterThanOrEqual(envelope(leg).minReady);
  expect(maxExisting).toBeLessThanOrEqual(envelope(leg).maxExisting);
});

it('a driver that slept past its lease does not write when it wakes: its successor has the lock', async () => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 3], step: 1 } as const;
  const first = upgrade.start(wanted);
  await first.line(/grey 0 -> 1/);
  first.kill('SIGSTOP');
  const second = upgrade.start(wanted);
  await second.line('going on with server-v2');
  first.kill('SIGCONT');
  expect(await first.exit, first.stdout).toMatchObject({ code: 8 });
  await becomeReady(upgrade);
  await second.line(/grey 1 -> 2/);
  expect((await upgrade.writes([3, 0])).at(-1)?.[1]).toBe(2);
});

it('--steal takes the lock from a driver that is alive', async () => {
  const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 2], step: 1 } as const;
  const first = upgrade.start(wanted);
  await first.line(/grey 0 -> 1/);
  const second = upgrade.start(wanted, '--steal', '--timeout', '12s');
  await second.line('going on with server-v2');
  expect(await first.exit, first.stdout).toMatchObject({ code: 8 });
  expect(await second.exit, second.stdout).toMatchObject({ code: 5 });
});

it('a start of an unfinished upgrade with another spec is refused and says what differs', async () => {
  const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
  const run = upgrade.start({ targets: [0, 2], step: 1 }, '--timeout', '2s');
  expect(await run.exit).toMatchObject({ code: 5 });
  const other = upgrade.start({ targets: [0, 3], step: 1, mode: 'scaleInPriority' });
  expect(await other.exit).toMatchObject({ code: 3 });
  expect(other.stderr).toContain('targets.grey: 2 in the upgrade, 3 in the file');
  expect(other.stderr).toContain('way.mode: "scaleOutPriority" in the upgrade, "scaleInPriority" in the file');
});

/** Lets all of grey's pods become ready that never would. */
const becomeReady = async (upgrade: Upgrade): Promise<void> => {
  for (const { metadata } of await upgrade.namespace.list('pods', { labelSelector: `app=${GREY}` })) {
    await upgrade.namespace.behave(metadata.name, { mode: 'ready' });
  }
};
