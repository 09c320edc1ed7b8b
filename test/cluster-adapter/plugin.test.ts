import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientCertificate, clientKey } from './certificates.ts';
import { answered, connectTo, faultOf, knowing, main, object, refusal, SECRET, temporaryFolder } from './fixtures.ts';
import { startServer } from './server.ts';

/** A plugin that is this shell script, in a folder where it counts its runs. */
const plugin = (script: string) => {
  const folder = temporaryFolder();
  const command = join(folder, 'plugin');
  writeFileSync(command, `#!/bin/sh\ncd "$(dirname "$0")" || exit 9\necho run >> runs\n${script}\n`);
  chmodSync(command, 0o700);
  const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;
  return { folder, runs, user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } } };
};

const credential = (status: object): string =>
  JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status });

const printing = (status: object) => plugin(`cat <<'END'\n${credential(status)}\nEND`);

describe('a plugin', () => {
  it('is run once for many requests, and told what for', async () => {
    const { user, runs, folder } = plugin(
      `echo "$KUBERNETES_EXEC_INFO" > info\necho '${credential({ token: SECRET })}'`,
    );
    const server = await knowing(SECRET);
    const { cluster } = connectTo({ url: server.url, user });
    await Promise.all([cluster.get('deployments', main), cluster.get('deployments', main)]);
    await cluster.get('deployments', main);
    expect([runs(), server.seen.count]).toEqual([1, 3]);
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false },
    });
  });

  it('is run again when its token is not accepted, and the request is sent again', async () => {
    const { user, runs } = plugin(`echo '{"status":{"token":"token-'$(wc -l < runs | tr -d ' ')'"}}'`);
    const server = await knowing('token-2');
    const { cluster } = connectTo({ url: server.url, user });
    const many = [cluster.get('deployments', main), cluster.get('deployments', main), cluster.get('deployments', main)];
    expect(await Promise.all(many)).toEqual(Array.from(many, () => object('main', 7)));
    await cluster.get('deployments', main);
    expect(runs()).toBe(2);
  });

  it('is run again though another request has been sent since with the same token', async () => {
    const { user, runs } = plugin(`echo '{"status":{"token":"token-'$(wc -l < runs | tr -d ' ')'"}}'`);
    const server = await startServer(async ({ headers }) => {
      if (headers.authorization !== 'Bearer token-1') return answered;
      if (server.seen.count === 2) return 'hang';
      await server.seen.when(({ length }) => length === 2);
      return refusal(401, 'Unauthorized');
    });
    const { cluster } = connectTo({ url: server.url, user });
    const first = cluster.get('deployments', main);
    await server.seen.when(({ length }) => length === 1);
    cluster.get('deployments', main).catch(() => undefined);
    expect(await first).toEqual(object('main', 7));
    expect(runs()).toBe(2);
  });

  it('whose every token is not accepted leaves nobody known', async () => {
    const { user, runs } = printing({ token: SECRET });
    const server = await knowing();
    const { fault, message } = await faultOf(connectTo({ url: server.url, user }).cluster.get('deployments', main));
    expect(fault).toBe('unauthorized');
    expect(message).toBe(
      `${server.url} does not know who asks to get deployments in namespace shop (main) (401): ` +
        'the credentials of user alice in context test are not accepted; they may have expired.',
    );
    expect([runs(), server.seen.count]).toEqual([2, 2]);
  });

  it('is run again when its token has lapsed', async () => {
    const { user, runs } = printing({ token: SECRET, expirationTimestamp: '2020-01-01T00:00:00Z' });
    const server = await knowing(SECRET);
    const { cluster } = connectTo({ url: server.url, user });
    await cluster.get('deployments', main);
    await cluster.get('deployments', main);
    expect(runs()).toBe(2);
  });

  it('may give a certificate, and connections made with it are not used without it', async () => {
    const script = `[ "$(wc -l < runs)" -eq 1 ] && cat credential || echo '{"status":{"token":"${SECRET}"}}'`;
    const { user, folder } = plugin(script);
    const status = { clientCertificateData: clientCertificate, clientKeyData: clientKey };
    const lapsed = { ...status, expirationTimestamp: '2020-01-01T00:00:00Z' };
    writeFileSync(join(folder, 'credential'), credential(lapsed));
    const server = await startServer(() => answered, {});
    const { cluster } = connectTo({ url: server.url, user });
    for (let count = 0; count < 3; count++) await cluster.get('deployments', main);
    expect(server.seen.entries.map(({ certificate }) => certificate)).toEqual(['alice', undefined, undefined]);
  });

  it.each([
    ['fails', 'echo noise >&2; echo "run: aws sso login" >&2; exit 1', /failed: run: aws sso login\.$/],
    ['fails in silence', 'exit 3', /failed without a word\.$/],
    ['prints something else', `echo ${SECRET}`, /printed no credential\.$/],
    ['prints an object without a status', `echo '{"token":"${SECRET}"}'`, /printed no credential\.$/],
  ])('that %s is told of at once', async (_, script, words) => {
    const { user } = plugin(script);
    const server = await knowing(SECRET);
    const { cluster, notes } = connectTo({ url: server.url, user });
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect(fault).toBe('unauthorized');
    expect(message).toMatch(/^The credential plugin \S+ for user alice of context test /);
    expect(message).toMatch(words);
    expect(message).not.toContain(SECRET);
    expect([server.seen.count, notes.count]).toEqual([0, 0]);
  });

  it('that is not there', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin', installHint: 'Get it.' };
    const { fault, message } = await faultOf(
      connectTo({ url: 'http://127.0.0.1:9', user: { exec } }).cluster.get('deployments', main),
    );
    expect([fault, message]).toEqual([
      'unauthorized',
      'The credential plugin no-such-plugin for user alice of context test is not installed, or not on the PATH. Get it.',
    ]);
  });

  it('that may not be run', async () => {
    const { user } = plugin('exit 0');
    chmodSync(user.exec.command, 0o600);
    const { message } = await faultOf(connectTo({ url: 'http://127.0.0.1:9', user }).cluster.get('deployments', main));
    expect(message).toMatch(/cannot be run \(EACCES\)\.$/);
  });

  it('that gives no answer is ended', async () => {
    const { user } = plugin('exec sleep 100');
    const { cluster } = connectTo({ url: 'http://127.0.0.1:9', user }, { timing: { credentialsMs: 50 } });
    expect((await faultOf(cluster.get('deployments', main))).message).toMatch(/gave no answer within 0\.05 s\.$/);
  });

  it('that hangs does not keep a connection from being closed', async () => {
    const { user } = plugin('exec sleep 100');
    const { cluster, close } = connectTo({ url: 'http://127.0.0.1:9', user });
    const hanging = faultOf(cluster.get('deployments', main));
    await close();
    expect((await hanging).message).toContain('was closed');
  });

  it('that fails in the middle of a run may have lost the network: it is tried again', async () => {
    const script = `[ "$(wc -l < runs)" -ne 2 ] || { echo "no route to host" >&2; exit 1; }`;
    const lapsed = credential({ token: SECRET, expirationTimestamp: '2020-01-01T00:00:00Z' });
    const { user, runs } = plugin(`${script}\necho '${lapsed}'`);
    const server = await knowing(SECRET);
    const { cluster, notes } = connectTo({ url: server.url, user });
    await cluster.get('deployments', main);
    expect(await cluster.get('deployments', main)).toBeDefined();
    expect(runs()).toBe(3);
    expect(notes.entries).toEqual([expect.stringMatching(/failed: no route to host; trying again in 0\.1 s$/)]);
  });
});
