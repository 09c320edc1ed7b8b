/**
 * `npm run demo`: a model server with twelve GPUs goes from v1 to v2 in a cluster that is only in memory. One node is broken;
 * the step that meets it stops, `set-target --ready` gets out of it, and with the node mended the upgrade comes to its end.
 * Each command is run as a person would, by the built program; whatever comes out otherwise than said ends with code 1.
 */
import type { ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { ended, endChildren, found, start } from './child.ts';

const SPEED = '60x';
const BROKEN = 'gpu-b-0';

const begin = performance.now();

const say = (words: string): void => void process.stdout.write(`\n# ${words}\n`);
const typed = (line: string): void => void process.stdout.write(`$ ${line}\n`);

const openSandbox = async (): Promise<{ readonly sandbox: ChildProcess; readonly kubeconfig: string }> => {
  const args = ['sandbox', '--speed', SPEED, '-i'];
  typed(`dupgrade ${args.join(' ')}`);
  const sandbox = start(args, 'pipe');
  sandbox.stderr?.resume();
  const kubeconfig = await found(sandbox, 'stdout', /^export KUBECONFIG=(.+)$/m);
  typed(`export KUBECONFIG=${kubeconfig}`);
  return { sandbox, kubeconfig };
};

const run = async (kubeconfig: string, exitCode: number, ...args: readonly string[]): Promise<void> => {
  typed(`dupgrade ${args.join(' ')}`);
  const code = await ended(start(args, 'inherit', { KUBECONFIG: kubeconfig }));
  if (code !== exitCode) throw new Error(`dupgrade ${args.join(' ')} ended with ${code} and not with ${exitCode}`);
};

type Side = { readonly ready: number };
type Status = { readonly standing: { readonly sides: { readonly main: Side; readonly grey: Side } } };

const isStatus = (value: unknown): value is Status =>
  typeof value === 'object' && value !== null && 'standing' in value;

/** What is ready, as `dupgrade status -o json` says it, must be so many of each. */
const expectReady = async (kubeconfig: string, main: number, grey: number): Promise<void> => {
  const child = start(['status', 'llama-v2', '-o', 'json'], 'pipe', { KUBECONFIG: kubeconfig });
  const [output] = await Promise.all([child.stdout === null ? '' : text(child.stdout), ended(child)]);
  const status: unknown = JSON.parse(output);
  const sides = isStatus(status) ? status.standing.sides : undefined;
  if (sides?.main.ready !== main || sides.grey.ready !== grey)
    throw new Error(`it is ${JSON.stringify(sides)}, and main ${main}, grey ${grey} should be ready`);
};

const mend = async (sandbox: ChildProcess): Promise<void> => {
  process.stdout.write(`(in the sandbox) mend ${BROKEN}\n`);
  const done = found(sandbox, 'stderr', new RegExp(`mend ${BROKEN}: done`));
  sandbox.stdin?.write(`mend ${BROKEN}\n`);
  await done;
};

const demo = async (): Promise<void> => {
  say('A cluster in memory; a second here is a minute there. llama-v1 serves with 12 GPUs, llama-v2 has none yet.');
  const { sandbox, kubeconfig } = await openSandbox();

  say(
    'Three pods of v2 are added and become ready, then three of v1 go. Some of the next three land on a broken node.',
  );
  await run(kubeconfig, 5, 'start', 'demo/upgrade.yaml', '--skip-check', 'template');
  await expectReady(kubeconfig, 9, 4);

  say('That step will never be complete: take what is ready now, and give up the pods that are not.');
  await run(kubeconfig, 0, 'set-target', '--ready');
  await run(kubeconfig, 4, 'resume', '--keep-targets', '--on-hold', 'exit');
  await expectReady(kubeconfig, 9, 4);

  say('13 pods serve. Somebody mends the node, and the upgrade goes on to where it was to end.');
  await mend(sandbox);
  await run(kubeconfig, 0, 'resume');
  await expectReady(kubeconfig, 0, 12);

  sandbox.kill('SIGTERM');
  if ((await ended(sandbox)) !== 0) throw new Error('the sandbox did not end as it should');
  const seconds = Math.round((performance.now() - begin) / 1000);
  say(`llama-v2 serves with 12 GPUs, and there were never fewer than 12 ready pods. It took ${seconds} s.`);
};

process.once('SIGINT', endChildren);
process.once('SIGTERM', endChildren);
try {
  await demo();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  endChildren();
}
