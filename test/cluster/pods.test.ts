import { expect, it } from 'vitest';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

it('scaleInPriority under a quota with no room to spare never asks for a pod before one is gone', async () => {
  const upgrade = await Upgrade.of({
    main: 4,
    behaviour: { terminateSeconds: 20 },
    terminationGracePeriodSeconds: 60,
  });
  await upgrade.namespace.setQuota({ pods: '4' });
  const run = upgrade.start({ targets: [0, 4], mode: 'scaleInPriority', step: 2 });
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 4]);
  expect(await upgrade.namespace.events('FailedCreate')).toEqual([]);
  expect((await upgrade.judge.stop()).maxExisting).toBe(4);
});

it('a main pod that turns NotReady does not stop scaleOutPriority: it is the first to go', async () => {
  const upgrade = await Upgrade.of({ main: 6, behaviour: { readySeconds: 1 } });
  const [sick] = await upgrade.namespace.untilReady(MAIN, 6);
  await upgrade.namespace.turnNotReady(sick?.metadata.name ?? '');
  const run = upgrade.start({ targets: [0, 6], mode: 'scaleOutPriority', pacing: 'batch' });
  await run.line(/main 6 -> 3/);
  await upgrade.namespace.untilPods(
    MAIN,
    (pods) => pods.length === 3 && pods.every(({ metadata }) => metadata.name !== sick?.metadata.name),
  );
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([0, 6]);
  await upgrade.namespace.untilReady(GREY, 6);
});

it('limits hold a write back whatever the rule says', async () => {
  const upgrade = await Upgrade.of({ main: 6, behaviour: { readySeconds: 1, terminateSeconds: 1 } });
  const run = upgrade.start({ targets: [0, 6], step: 3, limits: { minReady: 6, maxPods: 7 } });
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  const { minReady, maxExisting } = await upgrade.judge.stop();
  expect({ minReady, maxExisting }).toEqual({ minReady: 6, maxExisting: 7 });
});

it('a Deployment with the original operator’s file is upgraded in whole steps', async () => {
  const upgrade = await Upgrade.of({ main: 4, behaviour: { readySeconds: 1 } });
  const file = `apiVersion: upgrade.github.com/v1
kind: DeploymentUpgrade
metadata:
  name: server-v2
  namespace: ${upgrade.namespace.name}
spec:
  mode: scaleInPriority
  step: 2
  originStageTarget: 0
  nextGenStageTarget: 4
  originDeployName: ${MAIN}
  originDeployNamespace: ${upgrade.namespace.name}
  nextDeployName: ${GREY}
  nextDeployNamespace: ${upgrade.namespace.name}
`;
  const run = upgrade.runWithInput(file, 'start', '-');
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  expect(await upgrade.writes([4, 0])).toEqual([
    [4, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 4],
  ]);
});
