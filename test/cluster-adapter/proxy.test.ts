import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/cluster/kubernetes/proxy.ts';
import { connectTo, faultOf, main, object, SECRET } from './fixtures.ts';
import { startProxy } from './proxying.ts';
import { startServer } from './server.ts';

const answer = () => ({ json: object('main', 7) });

describe('a proxy', () => {
  const cluster = { 'tls-server-name': 'localhost' };

  it('of the kubeconfig is gone through', async () => {
    const server = await startServer(answer, {});
    const { asked, port } = await startProxy(server.url);
    const url = 'https://api.example:6443';
    const proxied = connectTo({ url, cluster: { ...cluster, 'proxy-url': `http://127.0.0.1:${port}` } });
    expect(await proxied.cluster.get('deployments', main)).toBeDefined();
    expect(asked).toEqual(['api.example:6443']);
  });

  it('of the environment too, with its password', async () => {
    const server = await startServer(answer, {});
    const { asked, port } = await startProxy(server.url);
    const env = { HTTPS_PROXY: `http://bob:pw@127.0.0.1:${port}` };
    const proxied = connectTo({ url: 'https://api.example', cluster }, { env });
    expect(await proxied.cluster.get('deployments', main)).toBeDefined();
    expect(asked).toEqual([`api.example:443 Basic ${Buffer.from('bob:pw').toString('base64')}`]);
  });

  it('that has no address is told of without its password', async () => {
    const proxied = connectTo({ url: 'https://api.example' }, { env: { HTTPS_PROXY: `ftp://bob:${SECRET}@proxy` } });
    const { fault, message } = await faultOf(proxied.cluster.get('deployments', main));
    expect([fault, message]).toEqual(['unreachable', expect.stringContaining('proxy')]);
    expect(message).not.toContain(SECRET);
  });
});

describe('the proxy of the environment', () => {
  const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };

  it.each([
    ['https://api.example', {}, 'http://secure:1'],
    ['http://api.example', {}, 'http://plain:2'],
    ['https://api.example', { HTTPS_PROXY: 'proxy:3' }, 'http://proxy:3'],
    ['https://api.example', { HTTPS_PROXY: '', https_proxy: 'http://small:4' }, 'http://small:4'],
    ['https://api.example', { HTTPS_PROXY: undefined }, undefined],
    ['https://localhost:6443', {}, undefined],
    ['https://127.0.0.1:6443', {}, undefined],
    ['https://[::1]:6443', {}, undefined],
    ['https://api.example', { NO_PROXY: '*' }, undefined],
    ['https://api.example', { NO_PROXY: 'a.test, API.example' }, undefined],
    ['https://api.example', { no_proxy: 'example' }, undefined],
    ['https://api.example', { NO_PROXY: '.example' }, undefined],
    ['https://example', { NO_PROXY: '.example' }, 'http://secure:1'],
    ['https://api.example', { NO_PROXY: 'pi.example' }, 'http://secure:1'],
    ['https://api.example:6443', { NO_PROXY: 'api.example:6443' }, undefined],
    ['https://api.example', { NO_PROXY: 'api.example:443' }, undefined],
    ['https://api.example:6443', { NO_PROXY: 'api.example:443' }, 'http://secure:1'],
    ['https://10.1.2.3:6443', { NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3:6443', { NO_PROXY: '10.0.0.0/8' }, 'http://secure:1'],
    ['https://10.1.2.3:6443', { NO_PROXY: '10.1.2.3' }, undefined],
    ['https://[fd00::1]:6443', { NO_PROXY: 'fd00::/8' }, undefined],
    ['https://[fd00::1]:6443', { NO_PROXY: 'fd00::1' }, undefined],
    ['https://10.1.2.3', { NO_PROXY: '10.0.0.0/x,10.0.0.0/,/8' }, 'http://secure:1'],
  ])('to %s with %j is %s', (server, more, proxy) => {
    expect(proxyFor(server, { ...env, ...more })).toBe(proxy);
  });
});
