import { connect } from '../../src/cluster/kubernetes/connect.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Session } from '../../src/cli/session.ts';
import { terminalOf } from '../../src/output/terminal.ts';
import { openThreads } from '../../src/threads/threads.ts';

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

const clock: Session['clock'] = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const unused = (): never => {
  throw new Error('a command of this test does not need that');
};

/** Runs a command line in this process, against a cluster; `interruption` is what it is told of signals. */
export const runHere = async (
  argv: readonly string[],
  { kubeconfig, input = '', interruption }: { kubeconfig: string; input?: string; interruption: AbortSignal },
): Promise<Ran> => {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string): boolean => {
      written[name] += text;
      return true;
    },
  });
  const [out, err] = [sink('stdout'), sink('stderr')];
  const code = await runCommandLine(
    argv,
    {
      program: 'dupgrade',
      out,
      err,
      isErrTerminal: false,
      terminal: () => terminalOf({ stdout: out, stderr: err, env: { CI: 'true' }, platform: 'linux' }, false),
      clock,
      ciSystem: 'none',
      summarize: undefined,
      actor: 'test@here',
      holder: 'test@here pid 1',
      interruption: () => interruption,
      keys: () => undefined,
      readBytes: async () => Buffer.from(input),
      specFilesIn: async () => undefined,
      writeText: unused,
      connect: async ({ namespace }) => {
        const connection = connect({ kubeconfig, env: {}, note: () => undefined });
        return { ...connection, namespace: namespace ?? connection.namespace };
      },
      contexts: unused,
      completionScript: unused,
      openThreads: (load) => Promise.resolve(openThreads(load)),
      openSandbox: unused,
      inputLines: unused,
    },
    'test',
  );
  return { code, ...written };
};
