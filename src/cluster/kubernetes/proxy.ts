import { BlockList, isIP, isIPv6 } from 'node:net';
import type { DispatcherOptions } from '@kubernetes/client-node';
import type { Environment } from './kubeconfig.ts';

/** How to connect, with the proxy that the environment asks for where the kubeconfig names none. */
export const throughProxy = (connect: DispatcherOptions, server: string, env: Environment): DispatcherOptions => {
  if (connect.type === 'proxy' || connect.type === 'socks') return connect;
  const uri = proxyFor(server, env);
  if (uri === undefined) return connect;
  return { type: 'proxy', uri, requestTls: connect.type === 'agent' ? connect.connect : {}, connect: {} };
};

/**
 * The proxy that the environment asks for on the way to a server, by the rules of kubectl (golang.org/x/net/http/httpproxy):
 * HTTPS_PROXY or HTTP_PROXY by the server's own scheme, never for this machine itself, and not for what NO_PROXY lists:
 * `*`, addresses, blocks of addresses (10.0.0.0/8), domains with all below them, each with a port or without.
 */
export const proxyFor = (server: string, env: Environment): string | undefined => {
  const url = new URL(server);
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy || isOfThisMachine(url.hostname)) return undefined;
  const exempt = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map((entry) => entry.trim().toLowerCase());
  if (exempt.some((entry) => entry !== '' && covers(entry, url))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
};

const isOfThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]';

const covers = (entry: string, url: URL): boolean => {
  if (entry === '*') return true;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (entry.includes('/')) return isInBlock(host, entry);
  const [, name = entry, port] = /^(.*?):(\d+)$/.exec(isIPv6(entry) ? '' : entry) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && !/^\*?\./.test(name));
};

const isInBlock = (host: string, block: string): boolean => {
  const [address = '', bits] = block.split('/');
  if (isIP(host) === 0 || isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(bits ?? '')) return false;
  const type = isIP(host) === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Math.min(Number(bits), type === 'ipv4' ? 32 : 128), type);
  return list.check(host, type);
};
