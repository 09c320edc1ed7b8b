/** A server that sends back what it was sent, and control characters: no command shows a secret or moves the cursor. */
import { describe, expect, it } from 'vitest';
import { expiredCertificate, serverKey } from '../cluster-adapter/certificates.ts';
import { base64, SECRET, temporaryFolder, writeKubeconfig } from '../cluster-adapter/fixtures.ts';
import { type Reply, type Seen, startServer } from '../cluster-adapter/server.ts';
import { runCli } from '../support/process.ts';

const HOSTILE = '\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u2066\r\nerror: all is well';
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** All of a request, and the bearer's token alone, in words that a server might use. */
const echo = ({ method, path, headers }: Seen): string =>
  `${HOSTILE} ${method} ${path} ${JSON.stringify(headers)} token ${headers.authorization?.split(' ')[1] ?? ''}${HOSTILE}`;

const status = (seen: Seen, code: number, reason: string): Reply => ({
  status: code,
  json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: echo(seen) },
});

const ANSWERS: readonly (readonly [string, (seen: Seen) => Reply])[] = [
  ['401', (seen) => status(seen, 401, 'Unauthorized')],
  ['403', (seen) => status(seen, 403, 'Forbidden')],
  ['422', (seen) => status(seen, 422, 'Invalid')],
  ['404 as text', (seen) => ({ status: 404, text: echo(seen), headers: { 'content-type': 'text/plain' } })],
];

const COMMANDS: readonly (readonly string[])[] = [
  ['start', '-', '--timeout', '2s'],
  ['status', 'x'],
  ['status', '-o', 'json'],
  ['list', '-A'],
  ['history'],
  ['history', 'x', '-o', 'yaml'],
  ['report', 'x'],
  ['wait', 'x', '--for', 'done'],
  ['check', '-'],
  ['init', '--main', 'a', '--grey', 'b'],
  ['init', '--main', 'a', '--grey', 'b', '--clone', '--image', 'a:2', '--apply'],
  ['plan', '-'],
  ['rehearse', '-'],
  ['pause', 'x'],
  ['set-target', 'x', '--ready'],
  ['resume', 'x'],
  ['rollback', '-o', 'json'],
  ['abort'],
];

const SPEC = JSON.stringify({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'x', namespace: 'shop' },
  spec: { main: { deployment: 'a', target: 0 }, grey: { deployment: 'b', target: 1 } },
});

/** What each run printed, on both streams. */
const outputs = async (kubeconfig: string, commands: readonly (readonly string[])[], secrets: readonly string[]) => {
  const env = { KUBECONFIG: kubeconfig, LC_ALL: 'C', DEBUG: '*', NODE_DEBUG: undefined };
  const runs = commands.map((command) => runCli([...command, '-vvv'], { env, input: SPEC }));
  const codes = await Promise.all(runs.map(({ exit }) => exit));
  runs.forEach(({ stdout, stderr }, index) => {
    const said = stdout + stderr;
    expect(said.replaceAll('\n', ''), said).not.toMatch(UNPRINTABLE);
    expect(said, 'a line of its own making').not.toMatch(/^error: all is well/m);
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/authorization["\s:]+(?:bearer|basic) [^…\s]/i);
    expect(said, commands[index]?.join(' ')).not.toMatch(/^\s+at /m);
  });
  return codes.map(({ code }) => code);
};

describe('a server that sends back what it was sent', () => {
  it.each(ANSWERS)(
    'with %s gets no command to show a secret or a control character',
    { timeout: 120_000 },
    async (name, answer) => {
      const { url } = await startServer(answer);
      const codes = await outputs(writeKubeconfig({ url }), COMMANDS, [SECRET, base64(SECRET)]);
      expect(codes, name).toEqual(COMMANDS.map(() => 7));
    },
  );

  it('nor does one that is tried again, nor a password', { timeout: 120_000 }, async () => {
    const { url } = await startServer((seen) => status(seen, 500, 'InternalError'));
    const portal = await startServer((seen) => ({ text: `<html>${echo(seen)}</html>` }));
    const user = { username: 'alice', password: SECRET };
    const secrets = [SECRET, base64(`alice:${SECRET}`)];
    const start = COMMANDS.slice(0, 1);
    expect(await outputs(writeKubeconfig({ url, user }), start, secrets)).toEqual([7]);
    expect(await outputs(writeKubeconfig({ url: portal.url, user }), start, secrets)).toEqual([7]);
  });
});

describe('a kubeconfig that is no good is a sentence, and exit code 7', () => {
  const folder = temporaryFolder;
  const cases: readonly (readonly [string, () => string | Promise<string>, RegExp])[] = [
    ['is not there', () => '/nonexistent/kubeconfig', /nonexistent/],
    ['is a folder', () => folder(), /./],
    ['is not YAML', () => writeKubeconfig({ url: `"{` }), /./],
    [
      'names a plugin that fails',
      () =>
        writeKubeconfig({
          url: 'https://127.0.0.1:9',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'sh',
              args: ['-c', `echo ${SECRET}; printf '\\033[2Jno login' >&2; exit 3`],
              interactiveMode: 'Never',
            },
          },
        }),
      /no login|ended with|code 3/,
    ],
    [
      'has a certificate that has expired',
      async () => {
        // An API server takes whoever shows one for nobody that it knows.
        const { url } = await startServer((seen) => status(seen, 401, 'Unauthorized'), {});
        return writeKubeconfig({
          url,
          user: { 'client-certificate-data': base64(expiredCertificate), 'client-key-data': base64(serverKey) },
        });
      },
      /are not accepted; they may have expired/,
    ],
    [
      'has a token that is refused',
      async () => writeKubeconfig({ url: (await startServer((seen) => status(seen, 401, 'Unauthorized'))).url }),
      /\(401\): the credentials of user alice in context test are not accepted; they may have expired/,
    ],
    [
      'names a plugin that is not there',
      () =>
        writeKubeconfig({
          url: 'https://127.0.0.1:9',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'no-such-plugin',
              interactiveMode: 'Never',
            },
          },
        }),
      /no-such-plugin/,
    ],
    [
      'has a certificate that is none',
      () =>
        writeKubeconfig({
          url: 'https://127.0.0.1:9',
          user: { 'client-certificate-data': base64('none'), 'client-key-data': base64(SECRET) },
        }),
      /./,
    ],
  ];
  it.each(cases)('%s', { timeout: 30_000 }, async (_, make, said) => {
    const run = runCli(['status', '-vvv'], { env: { KUBECONFIG: await make(), LC_ALL: 'C' } });
    const { code } = await run.exit;
    const text = run.stdout + run.stderr;
    expect(code, text).toBe(7);
    expect(text).toMatch(said);
    expect(text.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
    for (const secret of [SECRET, base64(SECRET), base64(serverKey)]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/BEGIN|^\s+at /m);
  });
});
