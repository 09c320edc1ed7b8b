import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import {
  type Cluster,
  type DispatcherOptions,
  HttpMethod,
  KubeConfig,
  RequestContext,
  type User,
} from '@kubernetes/client-node';
import { isJson } from './json.ts';
import type { Target } from './kubeconfig.ts';

/** Headers that say who asks, and how to connect: as KubeConfig gives them. */
export type Credentials = {
  readonly headers: Readonly<Record<string, string>>;
  readonly connect: DispatcherOptions;
};

type ExecAuth = {
  execFn: (command: string, args: readonly string[] | undefined, options: SpawnOptions) => ChildProcess;
};

const isExecAuth = (authenticator: unknown): authenticator is ExecAuth =>
  typeof authenticator === 'object' && authenticator !== null && 'execFn' in authenticator;

/** KubeConfig, which knows how to log in, without the habits that do not fit here. */
export class LoginConfig extends KubeConfig {
  #connect: DispatcherOptions = { type: 'none' };
  #signal = new AbortController().signal;

  constructor({ cluster, user, parties }: Target) {
    super();
    this.loadFromOptions({
      clusters: [cluster],
      users: [isJson(user.exec) ? { ...user, exec: withExecInfo(user.exec, cluster) } : withIssuer(user)],
      contexts: [{ name: parties.context, cluster: cluster.name, user: user.name }],
      currentContext: parties.context,
    });
    // KubeConfig keeps its authenticators to itself, and offers no other way to end a plugin that hangs.
    const authenticators: readonly unknown[] = this['authenticators'];
    for (const authenticator of authenticators) {
      if (isExecAuth(authenticator)) authenticator.execFn = (...call) => spawnPlugin(this.#signal, ...call);
    }
  }

  /** Reads files, runs a plugin, asks an OIDC provider: whatever the user needs. One call at a time. */
  async credentials(signal: AbortSignal): Promise<Credentials> {
    this.#signal = signal;
    const context = new RequestContext('https://localhost', HttpMethod.GET);
    await this.applySecurityAuthentication(context);
    return { headers: context.getHeaders(), connect: this.#connect };
  }

  /**
   * KubeConfig 2.0.1 makes a new undici Agent with these for every request, hence a new TLS connection. Here they are
   * remembered, for `Pools` to make one of them, and "none" keeps KubeConfig from making its own.
   */
  override createDispatcherOptions(
    cluster: Cluster | null,
    tls: Parameters<KubeConfig['createDispatcherOptions']>[1],
  ): DispatcherOptions {
    // Plain http has no certificate to verify, so it needs no leave not to. `kubectl proxy` speaks it.
    const isPlain = cluster?.server.startsWith('http:') === true;
    this.#connect = super.createDispatcherOptions(isPlain ? { ...cluster, skipTLSVerify: true } : cluster, tls);
    return { type: 'none' };
  }
}

/** Plugins expect to be told what they are run for; client-node 2.0.1 does not. */
const withExecInfo = (exec: Readonly<Record<string, unknown>>, cluster: Cluster): unknown => {
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec['apiVersion'],
    spec: {
      interactive: false,
      ...(exec['provideClusterInfo'] === true && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.skipTLSVerify,
          'certificate-authority-data': cluster.caData,
          'proxy-url': cluster.proxyUrl,
        },
      }),
    },
  };
  const env: readonly unknown[] = Array.isArray(exec['env']) ? exec['env'] : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
};

/** client-node 2.0.1 hands the text on to where a URL is taken: no token of an OIDC provider could be had anew. */
const withIssuer = (user: User): User => {
  const config: unknown = user.authProvider?.config;
  const issuer = isJson(config) ? config['idp-issuer-url'] : undefined;
  if (!isJson(config) || typeof issuer !== 'string' || !URL.canParse(issuer)) return user;
  return { ...user, authProvider: { ...user.authProvider, config: { ...config, 'idp-issuer-url': new URL(issuer) } } };
};

/** With nothing to read from, so that a plugin which would ask a person says so instead of waiting. */
const spawnPlugin = (
  signal: AbortSignal,
  command: string,
  args: readonly string[] | undefined,
  options: SpawnOptions,
): ChildProcess => {
  const child = spawn(command, args ?? [], { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const end = (): void => {
    child.kill('SIGKILL');
    // What the plugin itself has started may hold the other ends of these open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  signal.addEventListener('abort', end);
  child.once('close', () => signal.removeEventListener('abort', end));
  return child;
};
