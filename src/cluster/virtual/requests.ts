import { type Access, ClusterError, type Kind, type Selection } from '../port.ts';
import type { VirtualClock } from './clock.ts';
import type { Random } from './random.ts';

/** One request, in RBAC's words. Without `namespace` it is about all of them. */
export type Intent = {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch';
  readonly kind: Kind;
  readonly subresource?: 'scale' | 'log';
} & Pick<Selection, 'namespace' | 'name'>;

/**
 * What goes wrong with a request on its way. `lose-request`: it never arrives, and is sent again. `lose-answer`: what it
 * asks for is done, but the answer is lost, and it is sent again: a write then finds that it was done. `unreachable`: it is
 * given up.
 */
export type Mishap = 'lose-request' | 'lose-answer' | 'unreachable';

/** How the connection of one user of the cluster is; everything that is left out is well. */
export type Conditions = {
  /** From sending a request to its arrival, and as long again for the answer; drawn for each. */
  readonly latencyMs?: { readonly from: number; readonly to: number };
  /** From a change to its event at the one who follows. */
  readonly watchMs?: { readonly from: number; readonly to: number };
  /**
   * Whether the events of all watches arrive together, as on one connection: `watchMs` after the first of them, whatever has
   * happened until then. Else each watch has a connection of its own.
   */
  readonly isBundled?: boolean;
  /** Whether the user may do that. */
  readonly may?: (access: Access) => boolean;
  readonly mishap?: (intent: Intent) => Mishap | undefined;
  /** Whether the watch of a kind is silent at present. */
  readonly isSilent?: (kind: Kind) => boolean;
};

const LATENCY_MS = { from: 1, to: 10 };
const WATCH_MS = { from: 1, to: 30 };

/** After how long a request without an answer is sent again. */
const RETRY_MS = 1000;

const GROUPS: Readonly<Record<Kind, string>> = {
  deployments: 'apps',
  replicasets: 'apps',
  pods: '',
  configmaps: '',
  leases: 'coordination.k8s.io',
  events: '',
  nodes: '',
  namespaces: '',
  services: '',
  horizontalpodautoscalers: 'autoscaling',
  poddisruptionbudgets: 'policy',
  resourcequotas: '',
  scaledobjects: 'keda.sh',
  verticalpodautoscalers: 'autoscaling.k8s.io',
};

/** Sends requests to the cluster; they take their time, and may meet with mishaps. */
export class Requests {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #conditions: Conditions;
  /** Whom the next events are for, where they arrive together. */
  #bundle: (() => void)[] = [];

  constructor(clock: VirtualClock, random: Random, conditions: Conditions) {
    this.#clock = clock;
    this.#random = random;
    this.#conditions = conditions;
  }

  /** `mayWrite` is asked before every attempt; where it says no there is none. */
  send<T>(intent: Intent, work: () => T, mayWrite: () => boolean = always): Promise<T> {
    const attempt = (): Promise<T> =>
      mayWrite()
        ? this.#exchange(intent, work)
        : Promise.reject(new ClusterError('conflict', `${wordsOf(intent)}: no longer allowed to write`));
    const mishap = this.#conditions.mishap?.(intent);
    return mishap === undefined ? attempt() : this.#mishapped(intent, mishap, attempt);
  }

  async #mishapped<T>(intent: Intent, mishap: Mishap, attempt: () => Promise<T>): Promise<T> {
    if (mishap === 'unreachable') {
      await this.#passes(RETRY_MS);
      throw new ClusterError('unreachable', `The cluster gave no answer (${wordsOf(intent)}).`);
    }
    if (mishap === 'lose-answer') await attempt().catch(() => undefined);
    await this.#passes(RETRY_MS);
    return attempt();
  }

  denied(wanted: readonly Access[]): Promise<readonly Access[]> {
    return this.#roundTrip(() => wanted.filter((access) => !(this.#conditions.may?.(access) ?? true)));
  }

  /** Calls when an event of a watch arrives; false where it will not, since the watch is silent. */
  event(kind: Kind, call: () => void): boolean {
    const { watchMs = WATCH_MS, isBundled, isSilent } = this.#conditions;
    if (isSilent?.(kind)) return false;
    const soon = (arrive: () => void) => this.#clock.after(this.#random.between(watchMs.from, watchMs.to), arrive);
    if (!isBundled) soon(call);
    else if (this.#bundle.push(call) === 1) soon(() => this.#unbundle());
    return true;
  }

  #unbundle(): void {
    const bundle = this.#bundle;
    this.#bundle = [];
    for (const call of bundle) call();
  }

  #exchange<T>(intent: Intent, work: () => T): Promise<T> {
    return this.#roundTrip(() => {
      if (this.#conditions.may?.(accessOf(intent)) === false) {
        throw new ClusterError('forbidden', `User may not ${wordsOf(intent)}.`);
      }
      try {
        return work();
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        error.message = `Could not ${wordsOf(intent)}: ${error.message}.`;
        throw error;
      }
    });
  }

  #roundTrip<T>(work: () => T): Promise<T> {
    const { from, to } = this.#conditions.latencyMs ?? LATENCY_MS;
    const [thereMs, backMs] = [this.#random.between(from, to), this.#random.between(from, to)];
    return new Promise((resolve, reject) => {
      this.#clock.onRequest(thereMs, () => {
        try {
          const answer = work();
          this.#clock.after(backMs, () => resolve(answer));
        } catch (error) {
          this.#clock.after(backMs, () => reject(error));
        }
      });
    });
  }

  #passes(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}

const always = (): boolean => true;

const accessOf = ({ verb, kind, subresource, namespace = '' }: Intent): Access => ({
  verb,
  group: GROUPS[kind],
  resource: kind,
  namespace,
  ...(subresource !== undefined && { subresource }),
});

/** "patch deployments/scale in namespace shop (main)". */
const wordsOf = ({ verb, kind, subresource, namespace, name }: Intent): string => {
  const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
  const what = subresource === undefined ? kind : `${kind}/${subresource}`;
  return `${verb} ${what} ${where}${name === undefined ? '' : ` (${name})`}`;
};
