import { createSecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { ConnectOptions, DispatcherOptions } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ClusterError } from '../port.ts';

/** Every request has its own limit of time, and a watch may be quiet for long; undici's own 300 s would only interfere. */
const UNLIMITED = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** A little less than the 90 s after which an API server closes an idle connection. */
const IDLE = { keepAliveTimeout: 60_000 } as const;

/** HTTP/1.1: a broken connection then takes one request or watch with it, and not all of them. */
const HTTP1 = { allowH2: false } as const;

/** As client-node does it, and client-go: before a load balancer's idle timeout of 60 s. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/** Connections, kept open and used again for as long as they are made with the same certificates through the same proxy. */
export class Pools {
  readonly #pools: { readonly options: DispatcherOptions; readonly ways: Ways }[] = [];

  /** Asked before every request, so certificates are compared as the bytes that they are. */
  get(options: DispatcherOptions): Ways {
    const known = this.#pools.find((pool) => isDeepStrictEqual(pool.options, options));
    if (known !== undefined) return known.ways;
    const ways = {
      brief: poolOf(options, { connections: MOST_BRIEF }),
      locks: poolOf(options, {}),
      lasting: poolOf(options, {}),
    };
    this.#pools.push({ options, ways });
    return ways;
  }

  /** Breaks all connections, whatever is under way on them. */
  async close(): Promise<void> {
    const pools = this.#pools.flatMap(({ ways }) => [ways.brief, ways.locks, ways.lasting]);
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

/**
 * Connections for requests that are answered at once, which wait for one another rather than each have one of its own; for
 * those of the locks, which wait for nothing; and for what lasts. Each request looks through all connections of its pool for
 * one that is free, so those that are taken for long are apart.
 */
export type Ways = { readonly brief: Dispatcher; readonly locks: Dispatcher; readonly lasting: Dispatcher };

/** Many upgrades that begin at once ask for much at once: without a bound each request would have a connection of its own. */
const MOST_BRIEF = 32;

const poolOf = (options: DispatcherOptions, most: { readonly connections?: number }): Dispatcher => {
  const common = { ...UNLIMITED, ...IDLE, ...HTTP1, ...most };
  switch (options.type) {
    case 'none':
      return new Agent({ ...common, connect: secured({}) });
    case 'agent':
      return new Agent({ ...common, connect: secured(options.connect) });
    case 'proxy':
    case 'socks': {
      // A SOCKS5 proxy of undici resolves names itself, which is what the "h" asks for.
      const uri = options.uri.replace(/^socks5h:/, 'socks5:');
      if (!URL.canParse(uri) || !/^(https?|socks5):/.test(uri)) {
        // It is not quoted: there may be a password in it.
        throw new ClusterError(
          'unreachable',
          'The proxy to the cluster has an address that is not of http, https or socks5.',
        );
      }
      return new ProxyAgent({ ...common, uri, requestTls: secured(options.requestTls) });
    }
  }
};

/**
 * Without two fields that KubeConfig never sets, and that Node's types and undici's disagree about. The certificates are read
 * once, not for each connection: a hundred upgrades have seven hundred watches.
 */
const secured = ({ port: _port, timeout: _timeout, ...tls }: ConnectOptions) => ({
  ...tls,
  secureContext: createSecureContext(tls),
  ...KEEP_ALIVE,
  ...HTTP1,
});
