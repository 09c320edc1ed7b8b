import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { delimiter, join } from 'node:path';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { ClusterError } from '../port.ts';
import type { Parties } from './call.ts';
import { readKubeconfigFile } from './kubeconfig-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Where = {
  /** The file of --kubeconfig. */
  readonly kubeconfig?: string | undefined;
  /** The context of --context. */
  readonly context?: string | undefined;
  readonly env: Environment;
  /** Before the paths of the service account's files; for tests. */
  readonly root?: string;
};

/** One cluster, and one user of it. */
export type Target = {
  readonly cluster: Cluster;
  readonly user: User;
  readonly namespace: string;
  readonly parties: Parties;
};

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Finds cluster and user as kubectl does: --kubeconfig, $KUBECONFIG, ~/.kube/config, else the pod's service account. */
export const targetOf = (where: Where): Target => {
  const files = filesOf(where);
  if (files === undefined) return chosen(serviceAccount(where), where, "the pod's service account");
  return chosen(merged(files.map(readKubeconfigFile)), where, files.join(', '));
};

/** The names of all contexts; none in a pod. Throws ClusterError. */
export const contextsOf = (where: Where): readonly string[] =>
  merged((filesOf(where) ?? []).map(readKubeconfigFile)).contexts.map(({ name }) => name);

/** The kubeconfig files to read, the first one counting most; undefined means the service account. */
const filesOf = ({ kubeconfig, env, root = '' }: Where): readonly string[] | undefined => {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) {
    const present = listed.filter((file) => existsSync(file));
    if (present.length > 0) return present;
    throw new ClusterError('unreachable', `$KUBECONFIG names no file that exists: ${listed.join(', ')}.`);
  }
  const home = env['HOME'] ?? env['USERPROFILE'];
  const usual = home === undefined ? undefined : join(home, '.kube', 'config');
  if (usual !== undefined && existsSync(usual)) return [usual];
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(join(root, SERVICE_ACCOUNT, 'token')))
    return undefined;
  const sought = `no --kubeconfig, no $KUBECONFIG, no ${usual ?? '~/.kube/config'}, no service account of a pod`;
  throw new ClusterError('unreachable', `Nothing says which cluster is meant: there is ${sought}.`);
};

/** As kubectl merges: the first file that knows a name, or has a current context, wins. */
const merged = (configs: readonly KubeConfig[]): KubeConfig => {
  const all = new KubeConfig();
  all.loadFromOptions({
    clusters: firstOfEachName(configs.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(configs.flatMap(({ users }) => users)),
    contexts: firstOfEachName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.find(({ currentContext }) => Boolean(currentContext))?.currentContext,
  });
  return all;
};

const firstOfEachName = <T extends { readonly name: string }>(entries: readonly T[]): T[] =>
  entries.filter(({ name }, index) => entries.findIndex((other) => other.name === name) === index);

/** What KubeConfig.loadFromCluster makes of it, but from the environment that was handed in. */
const serviceAccount = ({ env, root = '' }: Where): KubeConfig => {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'] ?? '', env['KUBERNETES_SERVICE_PORT'] ?? '443'];
  const file = (name: string): string => join(root, SERVICE_ACCOUNT, name);
  const namespace = existsSync(file('namespace')) ? readFileSync(file('namespace'), 'utf8').trim() : undefined;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      { name: 'in-cluster', server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`, caFile: file('ca.crt') },
    ],
    users: [{ name: 'service-account', authProvider: { name: 'tokenFile', config: { tokenFile: file('token') } } }],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'service-account', namespace }],
    currentContext: 'in-cluster',
  });
  return config;
};

const chosen = (all: KubeConfig, where: Where, source: string): Target => {
  const name = where.context ?? all.getCurrentContext();
  const context = all.contexts.find((each) => each.name === name);
  if (context === undefined) {
    const known = all.contexts.map((each) => each.name).join(', ') || 'none';
    const missing = name
      ? `There is no context ${name} in ${source}`
      : `${source} has no current context; give --context`;
    throw new ClusterError('unreachable', `${missing}. Contexts there: ${known}.`);
  }
  const cluster = all.clusters.find((each) => each.name === context.cluster);
  if (cluster === undefined) {
    throw new ClusterError(
      'unreachable',
      `Context ${name} is for cluster ${context.cluster}, which ${source} does not describe.`,
    );
  }
  // KubeConfig ignores the cluster's CA where there is no user, so a context without one gets a nameless one.
  const user = context.user ? all.users.find((each) => each.name === context.user) : { name: '' };
  if (user === undefined) {
    throw new ClusterError(
      'unauthorized',
      `Context ${name} is for user ${context.user}, whom ${source} does not describe.`,
    );
  }
  const parties = { server: addressOf(cluster), context: context.name, user: context.user || undefined };
  return { cluster, user, namespace: context.namespace ?? 'default', parties };
};

const addressOf = ({ name, server }: Cluster): string => {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const fault =
    url === undefined || !/^https?:$/.test(url.protocol)
      ? 'is no http or https address'
      : url.username !== '' || url.password !== ''
        ? 'has credentials in it; they belong to the user'
        : undefined;
  if (fault === undefined) return server.replace(/\/+$/, '');
  throw new ClusterError('unreachable', `The server of cluster ${name} ${fault}.`);
};
