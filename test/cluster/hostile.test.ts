/** Text that others wrote into a cluster, made to move a cursor, to hide, or to be taken for a page's own: no command lets it through. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { strategicPatch } from './rest.ts';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

const HOSTILE =
  '\u001b[2J\u001b]0;title\u0007\u001b]8;;https://evil.example\u0007\u009b31m\u202e\u2066\r\nerror: all is well <script>alert(1)</script>"><img src=x onerror=alert(1)>';
const LONG = `${HOSTILE}${'x'.repeat(20_000)}`;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Everywhere where an API server takes any text: conditions, what containers left behind, Events, annotations, leases, and the record. */
const plant = async ({ namespace }: Upgrade): Promise<void> => {
  const { client, name } = namespace;
  const [pod] = await namespace.list('pods', { labelSelector: `app=${GREY}` });
  if (pod === undefined) throw new Error('there is no pod');
  const lastTransitionTime = new Date().toISOString();
  const condition = { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: LONG, lastTransitionTime };
  await client.patch(
    namespace.path('pods', pod.metadata.name, 'status'),
    { status: { conditions: [condition], message: LONG, containerStatuses: [BROKEN] } },
    strategicPatch,
  );
  await namespace.create('events', {
    metadata: { name: 'hostile' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, namespace: name, uid: pod.metadata.uid },
    type: 'Warning',
    reason: 'Unhealthy',
    // No more is taken.
    message: `Readiness probe failed: ${HOSTILE}`,
    source: { component: HOSTILE },
    firstTimestamp: lastTransitionTime,
    lastTimestamp: lastTransitionTime,
    count: 1,
  });
  const annotations = { 'meta.helm.sh/release-name': LONG, 'argocd.argoproj.io/tracking-id': HOSTILE };
  for (const deployment of [MAIN, GREY]) {
    await namespace.patch('deployments', deployment, { metadata: { annotations } });
    const spec = { holderIdentity: HOSTILE, renewTime: lastTransitionTime.replace('Z', '000Z') };
    await namespace.patch('leases', `dupgrade-${deployment}`, { spec });
  }
  const record = await namespace.get('configmaps', `dupgrade-${GREY}`);
  const data = Object.fromEntries(
    Object.entries(record.data ?? {}).map(([key, text]) => [
      key,
      text.replaceAll(/"(by|startedBy)":"[^"]*"/g, (_, field) => `"${field}":${JSON.stringify(HOSTILE)}`),
    ]),
  );
  await namespace.patch('configmaps', `dupgrade-${GREY}`, { data });
};

/** A container whose last words are of its own choosing. */
const BROKEN = {
  name: 'server',
  image: 'model-server:1',
  imageID: '',
  ready: false,
  restartCount: 3,
  state: { waiting: { reason: 'CrashLoopBackOff', message: LONG } },
  lastState: { terminated: { exitCode: 1, reason: 'Error', message: LONG } },
};

it('reaches no terminal and no page', async () => {
  const upgrade = await Upgrade.of({ main: 1, greyBehaviour: { mode: 'never-ready' } });
  const wanted = { targets: [0, 1], step: 1 } as const;
  const run = upgrade.start(wanted, '--timeout', '2s');
  expect(await run.exit, run.stdout).toMatchObject({ code: 5 });
  await plant(upgrade);
  const folder = await mkdtemp(join(tmpdir(), 'dupgrade-hostile-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const page = join(folder, 'report.html');
  const rehearsed = join(folder, 'rehearsal.html');

  const told: string[] = [];
  for (const [argv, codes] of [
    [['status'], [0]],
    [['status', '-o', 'json'], [0]],
    [['list'], [0]],
    [['history'], [0]],
    [['history', GREY], [0]],
    [['history', GREY, '-o', 'yaml'], [0]],
    [['report', GREY], [0]],
    [['report', GREY, '--html', page], [0]],
    [['wait', GREY, '--for', 'done', '--timeout', '2s'], [5]],
    [
      ['check', '-'],
      [0, 3],
    ],
    [['plan', '-'], [0]],
    [
      ['rehearse', '-', '--seeds', '1', '--report', rehearsed],
      [0, 5],
    ],
    [['init', '--main', MAIN, '--grey', GREY], [0]],
    [['pause', GREY], [0]],
    [
      ['resume', GREY, '--timeout', '3s'],
      [5, 8],
    ],
    [
      ['resume', GREY, '--timeout', '20s', '-o', 'json'],
      [5, 8],
    ],
  ] as const) {
    const cli = upgrade.runWithInput(upgrade.spec(wanted), ...argv);
    const { code } = await cli.exit;
    const said = cli.stdout + cli.stderr;
    expect(codes, `${argv.join(' ')}: ${said}`).toContain(code);
    expect(said.replaceAll('\n', ''), argv.join(' ')).not.toMatch(UNPRINTABLE);
    expect(said, argv.join(' ')).not.toMatch(/^error: all is well/m);
    told.push(said);
  }
  // Else it would have been planted in vain.
  expect(told.join('')).toContain('\\u001b[2J');
  for (const file of [page, rehearsed]) {
    const html = await readFile(file, 'utf8');
    expect(html.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
    expect(html).not.toMatch(/<script|<img/);
  }
}, 300_000);
