import type { Cluster } from '../port.ts';
import { AccessReviews } from './access.ts';
import { kubernetesCluster } from './adapter.ts';
import { type Environment, targetOf } from './kubeconfig.ts';
import { namespaceNames, serverVersion } from './about-server.ts';
import { Login } from './login.ts';
import { Pools } from './pools.ts';
import { RateLimit } from './rate-limit.ts';
import { Requests } from './requests.ts';
import { DEFAULT_TIMING, endingWith, type Timing } from './timing.ts';

export type ConnectOptions = {
  /** A kubeconfig file, before $KUBECONFIG, ~/.kube/config and a pod's service account. */
  readonly kubeconfig?: string | undefined;
  /** A context of it; else its current one. */
  readonly context?: string | undefined;
  /** KUBECONFIG, HOME, KUBERNETES_SERVICE_HOST and _PORT, HTTPS_PROXY, NO_PROXY are looked for in it. */
  readonly env: Environment;
  /** Told what is tried again, and why: one line each. */
  readonly note: (message: string) => void;
  /** Closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** How long a request is tried in vain before it rejects as `unreachable`; 5 min. */
  readonly unreachableAfterMs?: number | undefined;
  /** The same as long as no request has succeeded, since the address may be wrong; 15 s. */
  readonly firstContactMs?: number | undefined;
  /** How many requests a second it sends at most, after a first burst of twice as many; 50. */
  readonly qps?: number | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** Before the paths of a service account's files; for tests. */
  readonly root?: string;
};

export type Connection = {
  readonly cluster: Cluster;
  /** The same cluster for one of several who take turns where there is more to ask than may be. */
  readonly lane: () => Cluster;
  /** Of the context, or "default". */
  readonly namespace: string;
  readonly context: string;
  /** The kubeconfig's name for the user. */
  readonly user?: string;
  /** `gitVersion` of the API server. Rejects with a ClusterError. */
  readonly serverVersion: () => Promise<string>;
  /** The names of the first 500 namespaces. Rejects with a ClusterError. */
  readonly namespaces: () => Promise<readonly string[]>;
  /** Breaks off all that is under way, and lets the process end. No call works after it. */
  readonly close: () => Promise<void>;
};

/** As kubectl has it. */
const DEFAULT_QPS = 50;
const BURST_SECONDS = 2;

/** Reads the configuration; the API server is not asked before the first call. Throws ClusterError. */
export const connect = (options: ConnectOptions): Connection => {
  const { signal, unreachableAfterMs = 300_000, firstContactMs = 15_000, qps = DEFAULT_QPS } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const ending = new AbortController();
  const end = ending.signal;
  const pools = new Pools();
  const load = (context = options.context) => targetOf({ ...options, context });
  const login = new Login({ load, pools, env: options.env, limitMs: timing.credentialsMs, end: endingWith(end) });
  const patience = { unreachableAfterMs, firstContactMs };
  const limit = new RateLimit({ qps, burst: BURST_SECONDS * qps }, timing);
  const reviews = new AccessReviews(timing.now);
  const requests = new Requests({ login, timing, patience, end, limit, note: options.note });

  const close = (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    ending.abort();
    return pools.close();
  };
  const onAbort = (): void => void close();
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();

  const { namespace, parties } = login.target;
  const { context, user } = parties;
  return {
    cluster: kubernetesCluster(requests, reviews),
    lane: () => kubernetesCluster(requests.lane(), reviews),
    namespace,
    context,
    serverVersion: () => serverVersion(requests),
    namespaces: () => namespaceNames(requests),
    close,
    ...(user !== undefined && { user }),
  };
};
