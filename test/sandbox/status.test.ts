import { describe, expect, it } from 'vitest';
import { dupgrade, sandboxOf, scenarioOf, specOf } from './given.ts';

const NAMED = ['model-v2', '-n', 'serving'];

describe('the status of an upgrade that stands still', { timeout: 90_000 }, () => {
  it('is the same whether it is looked at once, followed, or driven', async () => {
    const sandbox = await sandboxOf({ scenario: scenarioOf([{ kind: 'image-pull' }]) });
    const run = dupgrade(sandbox, ['start', '-', '-o', 'json', '--no-fail-fast'], specOf());
    await run.line(/"reason":"image"/);

    const once = dupgrade(sandbox, ['status', ...NAMED, '-o', 'json']);
    expect(await once.exit).toMatchObject({ code: 0 });
    const status = JSON.parse(once.stdout);
    // The driver has written down what it saw at its last write, when there were no pods of grey yet.
    expect(status.standing.pods).toBe(8);
    expect(status.summary.highestPods).toBe(8);

    const watch = dupgrade(sandbox, ['status', ...NAMED, '-w', '-o', 'json']);
    const seen = JSON.parse((await watch.line(/"reason":"image"/)).text);
    const begun = JSON.parse((await watch.line(/"type":"started"/)).text);
    const own = JSON.parse((await run.line(/"type":"started"/)).text);
    expect(begun.startedAt).toBe(status.startedAt);
    expect(own.startedAt).toBe(status.startedAt);
    // Nobody knows how long an image takes that cannot be pulled.
    for (const standing of [status.standing, seen.standing]) expect(standing.eta).toBeUndefined();

    watch.kill('SIGINT');
    run.kill('SIGINT');
    await Promise.all([watch.exit, run.exit]);
  });
});
