import { runProgram } from '../../src/cli/program.ts';
import type { Session } from '../../src/cli/session.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import type { Failure } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, NAMESPACE, pool, scenario } from '../cluster-virtual/given.ts';

/** Virtual time does not wait for a module to be loaded. */
export const preload = async (): Promise<void> => {
  await Promise.all([
    import('../../src/cli/start.ts'),
    import('../../src/cli/start-many.ts'),
    import('../../src/output/json-view.ts'),
    import('../../src/output/many/sum-up.ts'),
  ]);
};

/** A line of `-o json`. */
export type Line = { readonly type: string; readonly upgrade?: string; readonly [field: string]: unknown };

export const specOf = (name: string, change: (text: string) => string = (text) => text): string =>
  change(`apiVersion: dupgrade.dev/v1
kind: DeploymentUpgrade
metadata: { name: ${name}, namespace: ${NAMESPACE} }
spec:
  main: { deployment: ${name}-v1, target: 0 }
  grey: { deployment: ${name}-v2, target: 2 }
`);

/** A cluster with two Deployments for each of some upgrades; the pods of some do not start. */
export const clusterOf = (names: readonly string[], broken: Readonly<Record<string, Failure>> = {}): VirtualCluster =>
  new VirtualCluster(
    scenario({
      nodes: [pool({ count: 20 })],
      deployments: names.flatMap((name) => [
        deployment({ name: `${name}-v1`, replicas: 2 }),
        deployment({
          name: `${name}-v2`,
          replicas: 0,
          failures: broken[name] === undefined ? [] : [broken[name]],
        }),
      ]),
    }),
  );

export type Ran = {
  readonly code: number;
  readonly lines: readonly Line[];
  readonly err: string;
  /** What the program has written of each type of event, with the name of the upgrade. */
  readonly told: (type: string) => readonly (string | undefined)[];
  /** The last line, by upgrade. */
  readonly results: ReadonlyMap<string, Line>;
};

export type Wishes = {
  /** Called with each line of output. */
  readonly heard?: (line: Line, interrupt: () => void) => void;
  readonly port?: (cluster: Cluster) => Cluster;
};

const unused = (): never => {
  throw new Error('a command of this test does not need that');
};

/** Runs `start … -o json` in this process on a virtual cluster, over files in memory, until it has ended. */
export const start = async (
  cluster: VirtualCluster,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  { heard = () => undefined, port = (own) => own }: Wishes = {},
): Promise<Ran> => {
  const { clock } = cluster;
  const lines: Line[] = [];
  let err = '';
  const interruption = new AbortController();
  const hear = (text: string): void => {
    for (const line of text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as Line)) {
      lines.push(line);
      heard(line, () => interruption.abort('SIGINT'));
    }
  };
  const out = { write: hear };
  const errors = {
    write: (text: string): void => {
      err += text;
    },
  };
  const session: Session = {
    program: 'dupgrade',
    out,
    err: errors,
    isErrTerminal: false,
    terminal: () => ({
      out,
      err: errors,
      interactive: false,
      color: false,
      unicode: true,
      columns: () => Number.POSITIVE_INFINITY,
      rows: () => 24,
    }),
    clock,
    ciSystem: 'none',
    summarize: undefined,
    actor: 'test@here',
    holder: 'test@here pid 1',
    interruption: () => interruption.signal,
    keys: () => undefined,
    readBytes: (file) => Promise.resolve(new TextEncoder().encode(files[file] ?? '')),
    specFilesIn: (path) => Promise.resolve(path === '.' ? Object.keys(files) : undefined),
    writeText: unused,
    connect: () => {
      const own = port(virtualClusterPort(cluster, {}));
      return Promise.resolve({
        cluster: own,
        lane: () => own,
        namespace: NAMESPACE,
        serverVersion: unused,
        namespaces: unused,
        close: () => undefined,
      });
    },
    contexts: unused,
    completionScript: unused,
    openThreads: unused,
    openSandbox: unused,
    inputLines: unused,
  };
  const code = await clock.runUntil(runProgram(['start', ...args, '-o', 'json'], session, 'test'));
  const last = lines.at(-1);
  const rows = last?.type === 'finished' ? (last['upgrades'] as readonly Line[]) : [];
  return {
    code,
    lines,
    err,
    told: (type) => lines.filter((line) => line.type === type).map(({ upgrade }) => upgrade),
    results: new Map(rows.map((row) => [row.upgrade ?? '', row])),
  };
};
