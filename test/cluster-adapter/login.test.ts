import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientCertificate, clientKey, expiredCertificate, strangeAuthority } from './certificates.ts';
import {
  answered,
  base64,
  connectTo,
  faultOf,
  knowing,
  kubeconfigText,
  main,
  refusal,
  SECRET,
  temporaryFolder,
  writeKubeconfig,
} from './fixtures.ts';
import { startServer } from './server.ts';

describe('credentials of a kubeconfig', () => {
  it('a token in a file, with a line end behind it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'token'), `${SECRET}\n`);
    const server = await knowing(SECRET);
    for (const tokenFile of ['token', join(folder, 'token')]) {
      const kubeconfig = writeKubeconfig({ url: server.url, user: { tokenFile, token: 'old' } }, folder);
      const { cluster } = connectTo({ url: server.url }, { kubeconfig });
      expect(await cluster.get('deployments', main)).toBeDefined();
    }
  });

  it('a name and a password', async () => {
    const server = await startServer(() => answered);
    await connectTo({ url: server.url, user: { username: 'alice', password: 'pw' } }).cluster.get('deployments', main);
    expect(server.seen.entries[0]?.headers.authorization).toBe(`Basic ${base64('alice:pw')}`);
  });

  it('somebody else to act for', async () => {
    const server = await startServer(() => answered);
    await connectTo({ url: server.url, user: { token: SECRET, as: 'bob' } }).cluster.get('deployments', main);
    expect(server.seen.entries[0]?.headers['impersonate-user']).toBe('bob');
  });

  it('none, through `kubectl proxy`, which speaks plain http', async () => {
    const server = await startServer(() => answered);
    const { cluster, user } = connectTo({ url: server.url, context: { user: '' } });
    await cluster.get('deployments', main);
    expect(server.seen.entries[0]?.headers.authorization).toBeUndefined();
    expect(user).toBeUndefined();
  });

  it('a client certificate', async () => {
    const server = await startServer(() => answered, {});
    const certificate = {
      'client-certificate-data': base64(clientCertificate),
      'client-key-data': base64(clientKey),
    };
    await connectTo({ url: server.url, user: certificate }).cluster.get('deployments', main);
    expect(server.seen.entries[0]?.certificate).toBe('alice');
  });
});

describe('credentials that are not accepted', () => {
  it('are read again from the kubeconfig, where somebody may have renewed them', async () => {
    const folder = temporaryFolder();
    const kubeconfig = join(folder, 'config');
    const server = await knowing('new');
    writeFileSync(kubeconfig, kubeconfigText({ url: server.url, user: { token: 'old' } }));
    const { cluster } = connectTo({ url: server.url }, { kubeconfig });
    writeFileSync(kubeconfig, kubeconfigText({ url: server.url, user: { token: 'new' } }));
    expect(await cluster.get('deployments', main)).toBeDefined();
    writeFileSync(kubeconfig, 'half a fi');
    expect(await cluster.get('deployments', main)).toBeDefined();
  });

  it('are read again for the same context, whichever is the current one by then', async () => {
    const kubeconfig = join(temporaryFolder(), 'config');
    const server = await knowing('new');
    writeFileSync(kubeconfig, kubeconfigText({ url: server.url, user: { token: 'old' } }));
    const { cluster } = connectTo({ url: server.url }, { kubeconfig });
    const renewed = kubeconfigText({ url: server.url, user: { token: 'new' } });
    writeFileSync(kubeconfig, renewed.replace('"current-context":"test"', '"current-context":"other"'));
    expect(await cluster.get('deployments', main)).toBeDefined();
  });

  it.each([
    ['another context is made the current one', 'other'],
    ['the context is turned to another server', 'test'],
  ])('are not replaced by those for another server, when %s', async (_, turned) => {
    const kubeconfig = join(temporaryFolder(), 'config');
    const [server, elsewhere] = [await knowing(), await knowing('new')];
    writeFileSync(kubeconfig, kubeconfigText({ url: server.url, user: { token: SECRET } }));
    const { cluster } = connectTo({ url: server.url }, { kubeconfig });
    const other = kubeconfigText({ url: elsewhere.url, user: { token: 'new' } }).replaceAll('"test"', `"${turned}"`);
    writeFileSync(kubeconfig, other);
    expect((await faultOf(cluster.get('deployments', main))).fault).toBe('unauthorized');
    expect([server.seen.count, elsewhere.seen.count]).toEqual([2, 0]);
  });

  it('a kubeconfig that cannot be read then leaves those of before', async () => {
    const kubeconfig = join(temporaryFolder(), 'config');
    const server = await knowing('new');
    writeFileSync(kubeconfig, kubeconfigText({ url: server.url, user: { token: SECRET } }));
    const { cluster } = connectTo({ url: server.url }, { kubeconfig });
    writeFileSync(kubeconfig, '{');
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect(fault).toBe('unauthorized');
    expect(message).not.toContain(SECRET);
    expect(server.seen.count).toBe(2);
  });

  it('by a server that wants to know who asks, of a context without a user', async () => {
    const server = await knowing(SECRET);
    const { cluster } = connectTo({ url: server.url, context: { user: '' } });
    expect((await faultOf(cluster.get('deployments', main))).message).toMatch(/\(401\): context test names no user\.$/);
  });
});

describe('no secret is ever said', () => {
  it.each([
    ['a token with a line end in it', { token: `${SECRET}\nx` }, /hold characters that cannot be sent in a header\.$/],
    [
      'a key that is none',
      { 'client-certificate-data': base64(clientCertificate), 'client-key-data': base64(SECRET) },
      /secure connection/,
    ],
    [
      'a file that is not there',
      { 'client-certificate': '/nonexistent/crt', 'client-key-data': base64(SECRET) },
      /A file for user alice of context test cannot be read: .*\/nonexistent\/crt/,
    ],
  ])('%s', async (_, user, words) => {
    const server = await startServer(() => answered, {});
    const { message } = await faultOf(connectTo({ url: server.url, user }).cluster.get('deployments', main));
    expect(message).toMatch(words);
    expect(message).not.toContain(SECRET);
    expect(server.seen.count).toBe(0);
  });

  it('though a server repeats what it was sent', async () => {
    const server = await startServer(({ headers }) => refusal(400, 'BadRequest', `bad ${headers.authorization}`));
    const { message } = await faultOf(connectTo(server).cluster.get('deployments', main));
    expect(message).toMatch(/: bad Bearer …\.$/);
  });

  it('though a server repeats the token or the password alone', async () => {
    const token = await startServer(({ headers }) => refusal(400, 'BadRequest', `${headers.authorization?.slice(7)}?`));
    expect((await faultOf(connectTo(token).cluster.get('deployments', main))).message).toMatch(/: …\?\.$/);
    const password = await startServer(({ headers }) => {
      const [, pair = ''] = headers.authorization?.split(' ') ?? [];
      return refusal(400, 'BadRequest', `${pair} is ${Buffer.from(pair, 'base64').toString('utf8')}`);
    });
    const user = { username: 'alice', password: SECRET };
    const { message } = await faultOf(connectTo({ url: password.url, user }).cluster.get('deployments', main));
    expect(message).toMatch(/: … is alice:…\.$/);
  });
});

describe('a certificate that cannot be trusted does not heal, and is told of at once', () => {
  const stranger = { 'certificate-authority-data': base64(strangeAuthority) };
  it.each([
    [
      'of an unknown CA',
      {},
      stranger,
      /secure connection to https:\/\/127\.0\.0\.1:\d+: .*\((UNABLE|SELF|DEPTH)\w+\)\.$/,
    ],
    ['that has expired', { cert: expiredCertificate }, {}, /certificate has expired \(CERT_HAS_EXPIRED\)\.$/],
    ['of another name', {}, { 'tls-server-name': 'kubernetes.example' }, /\(ERR_TLS_CERT_ALTNAME_INVALID\)\.$/],
  ])('%s', async (_, secure, cluster, words) => {
    const server = await startServer(() => answered, secure);
    const { cluster: asked, waits } = connectTo({ url: server.url, cluster });
    const { fault, message } = await faultOf(asked.get('deployments', main));
    expect([fault, message]).toEqual(['unreachable', expect.stringMatching(words)]);
    expect(waits.count).toBe(0);
  });

  it('unless the kubeconfig says not to look', async () => {
    const server = await startServer(() => answered, { cert: expiredCertificate });
    const cluster = { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true };
    expect(await connectTo({ url: server.url, cluster }).cluster.get('deployments', main)).toBeDefined();
  });

  it('a server that speaks plain http is not one for https', async () => {
    const server = await startServer(() => answered);
    const { waits, cluster } = connectTo({ url: server.url.replace('http:', 'https:') });
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect([fault, message]).toEqual([
      'unreachable',
      expect.stringMatching(/: wrong version number \(ERR_SSL_WRONG_VERSION_NUMBER\)\.$/),
    ]);
    expect(waits.count).toBe(0);
  });

  it('is that of the cluster also for a context without a user', async () => {
    const server = await startServer(() => answered, {});
    expect(await connectTo({ url: server.url, context: { user: '' } }).cluster.get('deployments', main)).toBeDefined();
  });
});
