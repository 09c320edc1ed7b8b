import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dupgrade, sandboxOf, scenarioOf, specOf } from './given.ts';

type Sandbox = Awaited<ReturnType<typeof sandboxOf>>;

const wait = async (sandbox: Sandbox, ...args: readonly string[]) => {
  const cli = dupgrade(sandbox, ['wait', 'model-v2', '-n', 'serving', ...args]);
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

/** An upgrade that is under way. */
const started = async (sandbox: Sandbox, spec = specOf(), ...args: readonly string[]) => {
  const run = dupgrade(sandbox, ['start', '-', ...args], spec);
  await run.line(/starting model-v2/);
  return run;
};

/** The fields that docs/json-output.md names under a heading. */
const documented = (heading: string): readonly string[] => {
  const page = readFileSync(new URL('../../docs/json-output.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, field = '']) => field);
};

describe('dupgrade wait', { timeout: 90_000 }, () => {
  it('ends when a step is complete, when enough is ready, and when it is done', async () => {
    const sandbox = await sandboxOf({ speed: 8 });
    const run = await started(sandbox);
    const [step, ready, done] = await Promise.all([
      wait(sandbox, '--for', 'step=1'),
      wait(sandbox, '--for', 'ready=7', '-o', 'json'),
      wait(sandbox, '--for', 'done', '--timeout', '5m'),
    ]);
    expect(step).toEqual({ code: 0, stdout: 'model-v2: 1 step done\n', stderr: '' });
    expect(JSON.parse(ready.stdout)).toMatchObject({
      type: 'waited',
      upgrade: 'model-v2',
      for: 'ready=7',
      met: true,
      exitCode: 0,
    });
    expect(done).toEqual({ code: 0, stdout: 'model-v2: done\n', stderr: '' });
    expect(await run.exit).toMatchObject({ code: 0 });
    // It is done already.
    expect(await wait(sandbox, '--for', 'done')).toMatchObject({ code: 0 });
    expect(await wait(sandbox, '--for', 'held')).toMatchObject({ code: 3 });
  });

  it('ends when it is held, and with 4 where done is waited for and nobody drives it', async () => {
    const sandbox = await sandboxOf({ speed: 8 });
    const run = await started(sandbox);
    const held = wait(sandbox, '--for', 'held');
    await dupgrade(sandbox, ['pause', 'model-v2', '-n', 'serving']).exit;
    expect(await held).toMatchObject({ code: 0, stdout: 'model-v2: held\n' });
    expect(await run.exit).toMatchObject({ code: 4 });
    const done = await wait(sandbox, '--for', 'done');
    expect(done.code).toBe(4);
    expect(done.stderr).toContain('model-v2 is not done, and that will not change as things stand: somebody paused it');
  });

  it('ends with 5 and the reason as soon as its driver has given up', async () => {
    const sandbox = await sandboxOf({ speed: 20, scenario: scenarioOf([{ kind: 'image-pull' }]) });
    const run = await started(sandbox, specOf({ progressDeadline: '4s' }));
    const done = await wait(sandbox, '--for', 'done', '-o', 'json');
    expect(done.code).toBe(5);
    const answer: unknown = JSON.parse(done.stdout);
    expect(answer).toMatchObject({ met: false, reason: 'image', exitCode: 5 });
    expect(Object.keys(answer ?? {})).toEqual(documented('Wait'));
    expect(await run.exit).toMatchObject({ code: 5 });
  });

  it('ends with 5 when its time is up', async () => {
    const sandbox = await sandboxOf({ speed: 1 });
    await started(sandbox);
    const late = await wait(sandbox, '--for', 'done', '--timeout', '300ms');
    expect(late.code).toBe(5);
    expect(late.stderr).toContain('model-v2 is not done after');
  });

  it.each([
    [['--for', 'ready'], '"ready" is nothing to wait for; give done, held, step=N or ready=N'],
    [['--for', 'complete'], 'is nothing to wait for'],
    [['--for', 'dome'], 'did you mean done?'],
    [['--for', 'step=0'], '"0" is too small'],
    [['--for', 'ready=many'], '"many" is not a whole number'],
    [[], "required option '--for <what>' not specified"],
  ])('refuses %j with exit code 2', async (args, message) => {
    const sandbox = await sandboxOf();
    const { code, stderr } = await wait(sandbox, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says where there is no such upgrade', async () => {
    const sandbox = await sandboxOf();
    const { code, stderr } = await wait(sandbox, '--for', 'done');
    expect(code).toBe(3);
    expect(stderr).toContain('there is no upgrade "model-v2" in namespace serving');
  });
});
