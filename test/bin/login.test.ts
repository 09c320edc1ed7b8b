/** The built program has only parts of client-node and undici in it: that all ways to log in and to connect are among them. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { authority, clientCertificate, clientKey } from '../cluster-adapter/certificates.ts';
import { base64, type Kubeconfig, temporaryFolder, writeKubeconfig } from '../cluster-adapter/fixtures.ts';
import { startProxy } from '../cluster-adapter/proxying.ts';
import { type ApiServer, type Handler, startServer } from '../cluster-adapter/server.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/dupgrade.js');

const VERSION = { json: { gitVersion: 'v1.36.1' } };

/** The version that the built program is told by a server, which it is led to by a kubeconfig. */
const serverVersion = async (kubeconfig: Kubeconfig, env: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const args = [PROGRAM, 'version', '-o', 'json', '--kubeconfig', writeKubeconfig(kubeconfig)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  const { server } = JSON.parse(stdout) as { readonly server: { readonly version: unknown } };
  return server.version;
};

const authorizations = ({ seen }: ApiServer): readonly (string | undefined)[] =>
  seen.entries.filter(({ path }) => path === '/version').map(({ headers }) => headers.authorization);

const answering = (handler: Handler = () => VERSION): Promise<ApiServer> => startServer(handler, {});

const FAR = 4_000_000_000;

/** A token that holds until then, in seconds since 1970; nobody here looks at its signature. */
const tokenUntil = (exp: number, iss = ''): string =>
  [{ alg: 'RS256' }, { iss, sub: 'alice', aud: 'kubernetes', iat: 1, exp }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.signature');

/** A credential plugin of before there was an interface for them: prints what `cmd-path` of a kubeconfig is to print. */
const printing = (answer: unknown): string => {
  const file = join(temporaryFolder(), 'plugin');
  writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
  return file;
};

describe('the built program logs in', () => {
  it('with a client certificate', async () => {
    const server = await answering();
    const user = { 'client-certificate-data': base64(clientCertificate), 'client-key-data': base64(clientKey) };
    expect(await serverVersion({ url: server.url, user })).toBe('v1.36.1');
    expect(server.seen.entries[0]?.certificate).toBe('alice');
  });

  it('with what a plugin prints', async () => {
    const server = await answering();
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'T' },
    };
    const exec = { apiVersion: credential.apiVersion, command: printing(credential), interactiveMode: 'Never' };
    expect(await serverVersion({ url: server.url, user: { exec } })).toBe('v1.36.1');
    expect(authorizations(server)).toEqual(['Bearer T']);
  });

  it.each(['azure', 'gcp'])('with what the command of %s prints', async (name) => {
    const server = await answering();
    const config = {
      expiry: '2020-01-01T00:00:00Z',
      'cmd-path': printing({ credential: { token: 'T', until: '2100-01-01T00:00:00Z' } }),
      'token-key': '{.credential.token}',
      'expiry-key': '{.credential.until}',
    };
    expect(await serverVersion({ url: server.url, user: { 'auth-provider': { name, config } } })).toBe('v1.36.1');
    expect(authorizations(server)).toEqual(['Bearer T']);
  });

  it('with a token of an OIDC provider, which it asks for another when that has lapsed', async () => {
    const server: ApiServer = await answering(({ path }) => {
      if (path === '/version') return VERSION;
      const { url } = server;
      if (path === '/token')
        return { json: { access_token: 'a', token_type: 'bearer', id_token: tokenUntil(FAR, url), expires_in: 60 } };
      return { json: { issuer: url, token_endpoint: `${url}/token`, authorization_endpoint: `${url}/auth` } };
    });
    const config = {
      'idp-issuer-url': server.url,
      'client-id': 'kubernetes',
      'client-secret': 'secret',
      'refresh-token': 'refresh',
      'id-token': tokenUntil(1),
    };
    const user = { 'auth-provider': { name: 'oidc', config } };
    const trusted = join(temporaryFolder(), 'authority.pem');
    writeFileSync(trusted, authority);
    expect(await serverVersion({ url: server.url, user }, { NODE_EXTRA_CA_CERTS: trusted })).toBe('v1.36.1');
    expect(authorizations(server)).toEqual([`Bearer ${tokenUntil(FAR, server.url)}`]);
  });

  it('through a proxy', async () => {
    const server = await answering();
    const { asked, port } = await startProxy(server.url);
    const cluster = { 'tls-server-name': 'localhost' };
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '' };
    expect(await serverVersion({ url: 'https://api.example:6443', cluster }, env)).toBe('v1.36.1');
    expect(asked).toEqual(['api.example:6443']);
  });
});
