/** The keys of the live view, pressed in a pseudo terminal of util-linux' `script`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { sandboxOf, scenarioOf } from '../sandbox/given.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/dupgrade.js');
const folder = mkdtempSync(join(tmpdir(), 'dupgrade-keys-'));
const file = join(folder, 'upgrade.json');
writeFileSync(
  file,
  JSON.stringify({
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'model-v2', namespace: 'serving' },
    spec: { main: { deployment: 'model-v1', target: 0 }, grey: { deployment: 'model-v2', target: 6 }, step: 1 },
  }),
);

/** An upgrade to which nothing happens by itself, however slow the machine is. */
const STUCK = scenarioOf([{ kind: 'never-ready', pods: [1] }]);

afterAll(() => rmSync(folder, { recursive: true }));

/** A program in a terminal of its own, with somebody at the keyboard. */
class Seated {
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #shown = '';

  constructor({ kubeconfig }: Sandbox, command: string) {
    // The shell lives on after Ctrl-C, to say how the terminal was left.
    const line = `trap : INT; stty cols 100 rows 30; ${process.execPath} ${PROGRAM} ${command}; code=$?; stty -a | grep -q -- -icanon && echo left raw || echo left as it was; exit $code`;
    const { CI: _, ...env } = process.env;
    this.#child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      env: { ...env, KUBECONFIG: kubeconfig, TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
      for (const tell of this.#listeners) tell();
    });
    this.exit = new Promise((done) => this.#child.once('close', (code) => done(code)));
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exit;
    });
  }

  press(key: string): void {
    this.#child.stdin?.write(key);
  }

  /** Waits until it is shown, and forgets what was shown up to there. */
  async sees(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      const at = this.#shown.indexOf(text);
      if (at < 0) return;
      this.#shown = this.#shown.slice(at + text.length);
      resolve();
    };
    this.#listeners.add(look);
    void this.exit.then(() =>
      reject(new Error(`it ended without ${JSON.stringify(text)}; it showed:\n${this.#shown}`)),
    );
    look();
    await promise.finally(() => this.#listeners.delete(look));
  }
}

describe('somebody at the keyboard', () => {
  it('pauses, resumes and accepts what is ready, each with a second key, and the terminal is restored', async () => {
    const driver = new Seated(await sandboxOf({ speed: 5, scenario: STUCK }), `start ${file}`);
    await driver.sees('grey 0 → 1');
    driver.press('?');
    await driver.sees('accept what is ready');
    driver.press('p');
    await driver.sees('pause? y/n');
    driver.press('n');
    await driver.sees('? shows the keys');
    driver.press('p');
    await driver.sees('pause? y/n');
    driver.press('y');
    await driver.sees('carries it out');
    await driver.sees('paused for');
    driver.press('r');
    await driver.sees('resume? y/n');
    driver.press('y');
    await driver.sees('no longer paused');
    await driver.sees('running');
    driver.press('t');
    await driver.sees('accept what is ready? y/n');
    driver.press('y');
    await driver.sees('at other targets than those of the spec for');
    driver.press('d');
    await driver.sees('stop driving? y/n');
    driver.press('y');
    await driver.sees('interrupted (exit code 130)');
    await driver.sees('left as it was');
    expect(await driver.exit).toBe(130);
  });

  it('rolls back from another terminal, and leaves a watch without an end', async () => {
    const sandbox = await sandboxOf({ speed: 5, scenario: STUCK });
    const driver = new Seated(sandbox, `start ${file}`);
    await driver.sees('grey 0 → 1');
    const watch = new Seated(sandbox, 'status -w');
    await watch.sees('? shows the keys');
    watch.press('b');
    await watch.sees('roll back? y/n');
    watch.press('y');
    await watch.sees('course: back');
    await driver.sees('going back');
    watch.press('d');
    expect(await watch.exit).toBe(130);
    expect(await driver.exit).toBe(6);
  });

  it('is asked nothing by Ctrl-C, which is SIGINT as ever', async () => {
    const driver = new Seated(await sandboxOf({ speed: 1 }), `start ${file}`);
    await driver.sees('grey 0 → 1');
    driver.press('\u0003');
    await driver.sees('interrupted (exit code 130)');
    await driver.sees('left as it was');
    expect(await driver.exit).toBe(130);
  });
});
