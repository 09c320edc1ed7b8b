import { describe, expect, it } from 'vitest';
import type { KubernetesEvent } from '../../src/cluster/port.ts';
import { ask, dupgrade, sandboxOf, specOf } from './given.ts';

const SPEC = specOf({ step: 3 });

describe('the Events of an upgrade', { timeout: 60_000 }, () => {
  it('tell on both Deployments what was said, and by whom', async () => {
    const sandbox = await sandboxOf({ speed: 100 });
    const run = async (args: readonly string[], input = '') => {
      const cli = dupgrade(sandbox, [...args, '-n', 'serving'], input);
      const { code } = await cli.exit;
      expect(code, cli.stderr).toBe(0);
    };
    await run(['start', '-'], SPEC);
    // Reopens it, and nobody drives it any more after: what is said then is only said.
    await run(['rollback', 'model-v2', '--dry-run']);
    await run(['rollback', 'model-v2']);

    const { body } = await ask(sandbox, '/api/v1/namespaces/serving/events');
    const told = (name: string) =>
      (body.items as readonly KubernetesEvent[])
        .filter(({ involvedObject, source }) => involvedObject.name === name && source.component === 'dupgrade')
        .map(({ reason, message }) => `${reason}: ${message}`);
    for (const name of ['model-v1', 'model-v2']) {
      const events = told(name);
      expect(events).toContainEqual(
        expect.stringMatching(/^UpgradeStarted: Upgrade model-v2: start to main 0, grey 6, by \S+@\S+ pid \d+$/),
      );
      expect(events.filter((each) => each.startsWith('UpgradeRollback:'))).toEqual([
        expect.stringMatching(/^UpgradeRollback: Upgrade model-v2: rollback to main 6, grey 0, by \S+@\S+$/),
      ]);
    }
  });

  it('tell of a pause, of other targets and of an abort', async () => {
    const sandbox = await sandboxOf({ speed: 1 });
    const run = async (args: readonly string[]) => {
      const cli = dupgrade(sandbox, [...args, 'model-v2', '-n', 'serving']);
      const { code } = await cli.exit;
      expect(code, cli.stderr).toBe(0);
    };
    const driver = dupgrade(sandbox, ['start', '-', '--timeout', '1s', '-n', 'serving'], SPEC);
    expect((await driver.exit).code).toBe(5);
    await run(['set-target', '--grey', '5']);
    await run(['pause']);
    // The second time it says nothing new.
    await run(['pause']);
    await run(['abort']);
    const { body } = await ask(sandbox, '/api/v1/namespaces/serving/events');
    const told = (body.items as readonly KubernetesEvent[])
      .filter(({ involvedObject, source }) => involvedObject.name === 'model-v1' && source.component === 'dupgrade')
      .map(({ reason, message }) => `${reason}: ${message.replace(/, by .*/, '')}`);
    expect(told.filter((each) => /Retargeted|Paused|Aborted/.test(each))).toEqual([
      'UpgradeRetargeted: Upgrade model-v2: set-target to main 0, grey 5',
      'UpgradePaused: Upgrade model-v2: pause',
      'UpgradeAborted: Upgrade model-v2: abort',
    ]);
  });
});
