import { type Command, InvalidArgumentError } from 'commander';
import { ClusterError } from '../cluster/port.ts';
import { durationText } from '../output/wording.ts';
import { printable } from '../output/printable.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import { refusal } from '../spec/refusal.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import type { Session } from './session.ts';
import { readSource } from './source.ts';

type Scenario = NonNullable<SandboxOptions['scenario']>;

type Options = {
  readonly port?: number;
  readonly speed: number;
  readonly interactive?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
};

/** Between two looks at the pods: on a terminal the line is redrawn, elsewhere it is written where it has changed. */
const REDRAW_MS = 500;
const TELL_MS = 10_000;

export const addSandbox = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Serves a cluster that is only in memory, on 127.0.0.1, in the form of the Kubernetes API: dupgrade and kubectl work with it from other terminals. It prints the line that tells them how, and ends with Ctrl-C. Pods start and end as in life. Without a scenario it is a model server with twelve GPUs, and one of two spare nodes is broken.',
    )
    .argument('[scenario]', 'a file that says which cluster, and what happens to it; - for standard input')
    .option('--speed <factor>', 'how fast time passes in it: 10x, 60x', parseSpeed, 1)
    .option('--port <port>', 'the port of 127.0.0.1 to listen on (default: any that is free)', parsePort)
    .option('-i, --interactive', 'read what is to happen from standard input: break NODE, lose NODE, mend NODE')
    .option('-q, --quiet', 'do not show the pods')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText(
      'after',
      `
Examples:
  $ ${session.program} sandbox --speed 10x
  $ ${session.program} sandbox --speed 60x -i      # then type: mend gpu-b-0`,
    )
    .action(act((file: string | undefined, options: Options) => serve(session, file, options)));
};

/** "10x", "10", "0.5x". */
const parseSpeed = (text: string): number => {
  const speed = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (speed > 0 && speed <= 1000) return speed;
  throw new InvalidArgumentError(refusal(text, 'is no speed', 'a number such as 10x, at most 1000x'));
};

const parsePort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError(refusal(text, 'is no port', 'a number from 0 to 65535'));
};

const serve = async (session: Session, file: string | undefined, options: Options): Promise<number> => {
  const scenario = await scenarioOf(session, file, options);
  const signal = session.interruption();
  const { speed, port = 0 } = options;
  const sandbox = await session.openSandbox({ speed, port, ...(scenario && { scenario }) });
  try {
    greet(session, sandbox, options);
    const stop = options.quiet ? undefined : showPods(session, sandbox);
    if (options.interactive) void obeyInput(session, sandbox, signal);
    await ended(signal);
    stop?.();
    return 0;
  } finally {
    await sandbox.close();
  }
};

/** Where no file is given the sandbox has a scenario of its own. Throws SpecError. */
const scenarioOf = async (
  session: Session,
  file: string | undefined,
  { interactive }: Options,
): Promise<Scenario | undefined> => {
  if (file === undefined) return undefined;
  if (file === '-' && interactive)
    throw new CommandError(2, 'standard input is either the scenario or, with -i, commands');
  const { parseScenario } = await import('../scenario/parse.ts');
  return parseScenario(await readSource(session, file));
};

const greet = ({ out, err, program }: Session, sandbox: Sandbox, { speed }: Options): void => {
  const { scenario, port, namespace, kubeconfig } = sandbox;
  err.write(
    `A cluster in memory at https://127.0.0.1:${port}: ${printable(scenario)}; time passes ${speed}x as fast.\n` +
      `In another terminal, with this line first: ${program} start, ${program} status -w, kubectl get pods -n ${namespace}.\n` +
      'Ctrl-C ends it, and removes the kubeconfig.\n',
  );
  out.write(`export KUBECONFIG=${quoted(kubeconfig)}\n`);
};

const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

const showPods = (session: Session, sandbox: Sandbox): (() => void) => {
  const { err, clock, isErrTerminal } = session;
  let last = '';
  const look = (): (() => void) => {
    const pods = podsText(sandbox);
    if (isErrTerminal) err.write(`\r\u001b[K${durationText(sandbox.elapsedMs())}  ${pods}`);
    else if (pods !== last) err.write(`${durationText(sandbox.elapsedMs())}  ${pods}\n`);
    last = pods;
    return clock.after(isErrTerminal ? REDRAW_MS : TELL_MS, () => {
      cancel = look();
    });
  };
  let cancel = look();
  return () => {
    cancel();
    if (isErrTerminal) err.write('\n');
  };
};

const podsText = ({ pods }: Sandbox): string =>
  pods()
    .map(({ deployment, ready, unready, terminating }) => {
      const others = [
        ...(unready > 0 ? [`${unready} not`] : []),
        ...(terminating > 0 ? [`${terminating} ending`] : []),
      ];
      return `${deployment}: ${[`${ready} ready`, ...others].join(', ')}`;
    })
    .join('; ');

const ACTIONS = { break: 'break-node', lose: 'lose-node', mend: 'mend-node' } as const;

const isActionName = (text: string): text is keyof typeof ACTIONS => Object.hasOwn(ACTIONS, text);

/** Does what is typed; what cannot be done is told, and nothing else comes of it. */
const obeyInput = async ({ err, inputLines }: Session, sandbox: Sandbox, signal: AbortSignal): Promise<void> => {
  for await (const line of inputLines(signal)) {
    if (line.trim() === '') continue;
    try {
      err.write(printable(`${obey(sandbox, line)}\n`));
    } catch (error) {
      if (!(error instanceof ClusterError || error instanceof CommandError)) throw error;
      err.write(printable(`${error.message}\n`));
    }
  }
};

const obey = (sandbox: Sandbox, line: string): string => {
  const [verb = '', node, ...rest] = line.trim().split(/\s+/);
  if (!isActionName(verb) || node === undefined || rest.length > 0)
    throw new CommandError(2, 'type: break NODE, lose NODE or mend NODE');
  sandbox.do({ kind: ACTIONS[verb], node });
  return `${verb} ${node}: done`;
};
