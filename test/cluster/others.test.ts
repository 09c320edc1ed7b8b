/**
 * Others who write while an upgrade is under way: each is noticed, named, and left alone. The rows of README's table "Others
 * who write" are these. How long it took is measured and printed, by the clock of this machine, from the other's request
 * to the moment that the program's own output names.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { auditLog } from './fixtures.ts';
import { meddlings, type Ended, type Meddling } from './meddlings.ts';
import { ApiRefusal } from './rest.ts';
import { MAIN, Upgrade } from './upgrade.ts';

const figures: Record<string, unknown>[] = [];

afterAll(() => console.table(figures));

const lastOf = (stdout: string): Ended => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

/** Answers with the exit code and the last event. */
const play = async ({ what, given, wanted, after, meddle }: Meddling): Promise<Ended & { code: number | null }> => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { mode: 'never-ready' }, ...given });
  const run = upgrade.start({ targets: [0, 3], step: 1, ...wanted }, '-o', 'json');
  await run.line(after ?? '"scaled"');
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const beganMs = Date.now();
  await meddle(upgrade, stop.signal);
  const { code } = await run.exit;
  const ended = { code, ...lastOf(run.stdout) };
  if (code === 0) return ended;

  const audit = auditLog();
  const began = new Date(beganMs).toISOString();
  const { name } = upgrade.namespace;
  // Records and leases are none of what is driven: from when they were changed is known to a hair less.
  const from = (await audit.changedByOthers(name, 'cli', began)) ?? began;
  const ms = Date.parse(ended.time) - Date.parse(from);
  const late = (await audit.scaleWrites(name)).filter(
    (write) => write.user === 'cli' && write.code === 200 && write.time > from,
  );
  const { reason, message, details } = ended;
  figures.push({ what, code, reason, by: details?.manager, ms, late: late.length, message });
  // One may have been under way. What only holds pods up is no reason to stop.
  if (code !== 5) expect(late.length, JSON.stringify(late)).toBeLessThanOrEqual(1);
  return ended;
};

describe('others who write while an upgrade is under way', () => {
  it.each(meddlings)('$what', async (meddling) => {
    expect(await play(meddling)).toMatchObject(meddling.ends);
  });

  it('a policy that refuses the scale write: what it says is told', async () => {
    const upgrade = await Upgrade.of({ main: 3, behaviour: { readySeconds: 1 } });
    await refuseScaling(upgrade);
    const run = upgrade.start({ targets: [0, 3] }, '-o', 'json');
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 7 });
    expect(lastOf(run.stdout)).toMatchObject({
      reason: 'denied',
      message: expect.stringContaining('nobody scales on a Friday'),
    });
    expect(await upgrade.counts()).toEqual([3, 0]);
  });
});

/** A policy of the API server itself, which needs no webhook. Resolves once it counts. */
const refuseScaling = async ({ namespace }: Upgrade): Promise<void> => {
  const { client, name } = namespace;
  const base = '/apis/admissionregistration.k8s.io/v1';
  const [policies, bindings] = [`${base}/validatingadmissionpolicies`, `${base}/validatingadmissionpolicybindings`];
  await client.create(policies, {
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments/scale'] },
        ],
      },
      validations: [{ expression: 'false', message: 'nobody scales on a Friday' }],
    },
  });
  onTestFinished(() => void client.delete(`${policies}/${name}`));
  await client.create(bindings, {
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } },
    },
  });
  onTestFinished(() => void client.delete(`${bindings}/${name}`));
  await untilRefused(() =>
    client.patch(`${namespace.path('deployments', MAIN, 'scale')}?dryRun=All`, { spec: { replicas: 4 } }),
  );
};

/** The server learns of a new policy with a delay, and offers no watch of what it knows. */
const untilRefused = async (attempt: () => Promise<unknown>): Promise<void> => {
  for (let tries = 0; tries < 500; tries++) {
    const isRefused = await attempt().then(
      () => false,
      (error: unknown) => error instanceof ApiRefusal && error.code === 422,
    );
    if (isRefused) return;
    await pause(20);
  }
  throw new Error('the policy does not come to count');
};
