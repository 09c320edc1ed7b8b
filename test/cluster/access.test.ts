/** What each command needs to be allowed, and what it says where one right is missing. */
import { describe, expect, it } from 'vitest';
import { type Ran, runHere } from '../support/in-process.ts';
import { runCli } from '../support/process.ts';
import { freshNamespace, plane } from './fixtures.ts';
import { GREY, MAIN, Upgrade } from './upgrade.ts';
import type { RbacSubject } from './users.ts';
import type { TestNamespace } from './workload.ts';

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};
type Manifest = { readonly kind: string; readonly rules?: readonly Rule[] };

const READ_SIDES = ['get deployments', 'list replicasets', 'list pods'];
const FOLLOW_SIDES = [...READ_SIDES, 'list deployments', 'watch deployments', 'watch replicasets', 'watch pods'];
const STEER = ['get configmaps', 'update configmaps', 'get leases'];
const DRIVE = [
  ...FOLLOW_SIDES,
  ...STEER,
  'patch deployments/scale',
  'create leases',
  'update leases',
  'list configmaps',
  'watch configmaps',
  'create configmaps',
];

/** What `check` can do without, and then says that it has not looked. */
const CHECKED = new Set([
  'list services',
  'list resourcequotas',
  'list poddisruptionbudgets',
  'list horizontalpodautoscalers',
  'list scaledobjects',
  'list verticalpodautoscalers',
]);

/** Of each command the rights without which it ends with 7, and the codes with which it may end with them. In this order. */
const COMMANDS: readonly {
  readonly argv: readonly string[];
  readonly needs: readonly string[];
  readonly codes: readonly number[];
  /** The code with which it says that a right is missing, where that is not 7. */
  readonly refusal?: number;
}[] = [
  { argv: ['status', 'server-v2'], needs: ['get configmaps', 'get leases', ...READ_SIDES], codes: [0] },
  { argv: ['status'], needs: ['list configmaps', 'get leases', ...READ_SIDES], codes: [0] },
  { argv: ['list'], needs: ['list configmaps', 'get leases', ...READ_SIDES], codes: [0] },
  {
    argv: ['status', 'server-v2', '-w'],
    needs: [...FOLLOW_SIDES, 'get configmaps', 'list configmaps', 'watch configmaps', 'get leases'],
    codes: [143],
  },
  {
    argv: ['wait', 'server-v2', '--for', 'done'],
    needs: [...FOLLOW_SIDES, 'get configmaps', 'list configmaps', 'watch configmaps', 'get leases'],
    // Its last run has timed out and nobody drives it; or the signal is seen first.
    codes: [5, 143],
  },
  { argv: ['history', 'server-v2'], needs: ['get configmaps', 'get leases'], codes: [0] },
  { argv: ['history'], needs: ['list configmaps', 'get leases'], codes: [0] },
  { argv: ['report', 'server-v2'], needs: ['get configmaps', 'get leases'], codes: [0] },
  // It tells everything that speaks against an upgrade, a missing right too.
  { argv: ['check', '-'], needs: DRIVE, codes: [0], refusal: 3 },
  { argv: ['plan', '-'], needs: [...READ_SIDES, 'list configmaps'], codes: [0] },
  { argv: ['init', '--main', MAIN, '--grey', GREY], needs: READ_SIDES, codes: [0] },
  {
    argv: ['init', '--main', MAIN, '--grey', 'server-v3', '--clone', '--image', 'model-server:3'],
    needs: [...READ_SIDES, 'list services'],
    codes: [0],
  },
  {
    argv: ['init', '--main', MAIN, '--grey', 'server-v3', '--clone', '--image', 'model-server:3', '--apply'],
    needs: [],
    // Making a Deployment is in no Role of dupgrade's.
    codes: [7],
  },
  { argv: ['rehearse', '-', '--seeds', '1'], needs: [...READ_SIDES, 'list configmaps'], codes: [0] },
  { argv: ['pause', 'server-v2'], needs: STEER, codes: [0] },
  { argv: ['pause'], needs: [...STEER, 'list configmaps'], codes: [0] },
  { argv: ['set-target', 'server-v2', '--ready'], needs: [...STEER, ...READ_SIDES], codes: [0] },
  { argv: ['set-target', 'server-v2', '--main', '1'], needs: STEER, codes: [0] },
  { argv: ['resume', 'server-v2'], needs: DRIVE, codes: [143] },
  { argv: ['start', '-'], needs: DRIVE, codes: [143] },
  { argv: ['rollback', 'server-v2'], needs: DRIVE, codes: [143] },
  { argv: ['abort', 'server-v2'], needs: STEER, codes: [0] },
];

const subjectArgs = (subject: RbacSubject): readonly string[] =>
  subject.kind === 'User' ? ['--user', subject.name] : ['--serviceaccount', `${subject.namespace}:${subject.name}`];

const printed = async (...args: readonly string[]): Promise<readonly Manifest[]> => {
  const { exit, ...run } = await finished(runCli(['rbac', ...args, ...subjectArgs(plane.limited), '-o', 'json']));
  expect(exit, run.stderr).toMatchObject({ code: 0 });
  return JSON.parse(run.stdout).items;
};

const finished = async (cli: ReturnType<typeof runCli>) => ({
  exit: await cli.exit,
  stdout: cli.stdout,
  stderr: cli.stderr,
});

/** Every right of the printed Role, as "verb resource". */
const rightsOf = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ resources, verbs }) => verbs.map((verb) => `${verb} ${resources[0]}`));

const without = (rules: readonly Rule[], right: string): readonly Rule[] =>
  rules
    .map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => `${verb} ${rule.resources[0]}` !== right) }))
    .filter(({ verbs }) => verbs.length > 0);

/** What a command could have touched. */
const stateOf = async (namespace: TestNamespace): Promise<unknown> => {
  const [records, leases, deployments] = await Promise.all([
    namespace.list('configmaps', { labelSelector: 'app.kubernetes.io/managed-by=dupgrade' }),
    namespace.list('leases'),
    namespace.list('deployments'),
  ]);
  return [
    [...records, ...leases].map(({ metadata }) => metadata.resourceVersion),
    deployments.map(({ spec }) => spec.replicas),
  ];
};

/** A signal that has come already: what may be driven is left at once. */
const interruption = AbortSignal.abort('SIGTERM');

/** An unfinished upgrade whose grey is never ready, and the spec file of it. */
const unfinished = async (): Promise<{ readonly upgrade: Upgrade; readonly input: string }> => {
  const upgrade = await Upgrade.of({ main: 1, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 1], step: 1 } as const;
  const input = upgrade.spec(wanted);
  const { signal } = new AbortController();
  const access = { kubeconfig: plane.kubeconfig('cli'), input, interruption: signal };
  expect(await runHere(['start', '-', '--timeout', '5s'], access)).toMatchObject({ code: 5 });
  return { upgrade, input };
};

const runAll = async ({ upgrade, input }: Awaited<ReturnType<typeof unfinished>>) => {
  const ran: {
    argv: string;
    needs: readonly string[];
    codes: readonly number[];
    refusal: number;
    run: Ran;
    touched: boolean;
  }[] = [];
  for (const { argv, needs, codes, refusal = 7 } of COMMANDS) {
    const before = JSON.stringify(await stateOf(upgrade.namespace));
    const args = [...argv, '-n', upgrade.namespace.name];
    const run = await runHere(args, { kubeconfig: plane.kubeconfig('limited'), input, interruption });
    const touched = JSON.stringify(await stateOf(upgrade.namespace)) !== before;
    ran.push({ argv: argv.join(' '), needs, codes, refusal, run, touched });
  }
  return ran;
};

const ROLE = await printed('-n', 'anywhere').then((manifests) => manifests[0]?.rules ?? []);

describe('with the Role that `dupgrade rbac` prints, for the user that has no other right', () => {
  it('every command works', async () => {
    const given = await unfinished();
    const { name } = given.upgrade.namespace;
    const role = runCli(['rbac', '-', ...subjectArgs(plane.limited)], { input: given.input });
    expect(await role.exit, role.stderr).toMatchObject({ code: 0 });
    await plane.kubectl(['apply', '-f', '-'], { input: role.stdout });
    await given.upgrade.namespace.grant(plane.limited, [ROLE[0] ?? { apiGroups: [], resources: [], verbs: [] }]);
    for (const { argv, codes, run } of await runAll(given)) {
      expect(codes, `${argv} in ${name}: ${run.stderr}`).toContain(run.code);
    }
  });

  it('an upgrade runs to its end, also where the Deployments are in namespaces of their own', async () => {
    const [home, away] = [await freshNamespace(), await freshNamespace()];
    await home.createDeployment({ name: MAIN, replicas: 1 });
    await away.createDeployment({ name: GREY, replicas: 0 });
    await home.untilReady(MAIN, 1);
    const input = JSON.stringify({
      apiVersion: 'dupgrade.dev/v1',
      kind: 'DeploymentUpgrade',
      metadata: { name: 'across', namespace: home.name },
      spec: { main: { deployment: MAIN, target: 0 }, grey: { deployment: GREY, namespace: away.name, target: 1 } },
    });
    const { stdout } = await finished(runCli(['rbac', '-', ...subjectArgs(plane.limited), '-o', 'json'], { input }));
    const { items } = JSON.parse(stdout) as { items: (Manifest & { metadata: { namespace: string } })[] };
    for (const namespace of [home, away]) {
      const role = items.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === namespace.name);
      await namespace.grant(plane.limited, role?.rules ?? []);
    }
    const run = runCli(['start', '-'], { input, env: { KUBECONFIG: plane.kubeconfig('limited'), LC_ALL: 'C' } });
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
    await away.untilReady(GREY, 1);
  });

  it('but for one right, whichever: who needs it says what is missing where, with 7, before anything is touched', async () => {
    const rights = rightsOf(ROLE);
    expect(rights.length).toBeGreaterThan(15);
    const wrong = await Promise.all(rights.map((right) => wrongWithout(right)));
    expect(wrong.flat()).toEqual([]);
  }, 600_000);
});

describe('the user that has no right at all', () => {
  it('is told what is missing where by every command, and nothing is touched', async () => {
    const given = await unfinished();
    const { name } = given.upgrade.namespace;
    const told = new RegExp(`(get|list|watch|create|update|patch) [a-z/]+ in namespace ${name}`);
    for (const { argv, refusal, run, touched } of await runAll(given)) {
      expect({ argv, code: run.code, touched }, run.stderr).toEqual({ argv, code: refusal, touched: false });
      expect(run.stdout + run.stderr, argv).toMatch(told);
    }
  });

  it('is told nothing by completion, which would land in the command line', async () => {
    const { upgrade } = await unfinished();
    const inNamespace = ['-n', upgrade.namespace.name];
    for (const words of [
      ['status', ...inNamespace],
      ['init', ...inNamespace, '--main'],
      ['status', '-n'],
    ]) {
      const argv = ['complete', '--', ...words, ''];
      const run = await runHere(argv, { kubeconfig: plane.kubeconfig('limited'), interruption });
      expect({ words, ...run }).toEqual({ words, code: 0, stdout: ':4\n', stderr: '' });
    }
  });
});

/** Runs every command without one right; answers with what did not go as it should. */
const wrongWithout = async (right: string): Promise<readonly string[]> => {
  const given = await unfinished();
  const { namespace } = given.upgrade;
  await namespace.grant(plane.limited, without(ROLE, right));
  const missing = `${right} in namespace ${namespace.name}`;
  return (await runAll(given)).flatMap(({ argv, needs, codes, refusal, run: { code, stdout, stderr }, touched }) => {
    const told = stdout + stderr;
    const isGood = needs.includes(right)
      ? code === refusal && told.includes(missing) && !touched
      : codes.includes(code);
    const isSilent = argv.startsWith('check') && CHECKED.has(right) && !told.includes('this user may not list');
    return isGood && !isSilent ? [] : [`${argv} without ${right}: ${code}${touched ? ', touched' : ''}: ${told}`];
  });
};
