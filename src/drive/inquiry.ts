import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  type Follower,
  type KubernetesEvent,
  type ObjectRef,
  type Pod,
} from '../cluster/port.ts';
import { type Alike, apart, type Evidence } from './causes.ts';
import type { Clock } from './clock.ts';
import type { PodEvidence } from './pod-finding.ts';
import { type LogWanted, type Suspect, suspectOf, suspectsOf } from './suspects.ts';

/** How many lines are asked for, and how much of them: the last ones say what a container is about. */
const LOG_LINES = 20;
const LOG_BYTES = 16 * 1024;

/** Between two pods that one begins to ask about. */
const NEXT_POD_MS = 500;

/** Log and node of a pod that shows nothing new are looked at again after this long, and then twice as long each time. */
const FIRST_LOOK_MS = 15_000;
const MOST_LOOK_MS = 120_000;

/** What may be denied, and how much there is of it. */
type Asked = 'events' | 'log' | 'nodes';
const ALL_ASKED = 3;

const NO_EVIDENCE: Evidence = new Map();

/** What was asked about one pod, and what came of it. */
type Case = {
  /** Since when the pod has had as long as it has now. */
  sinceMs: number;
  afterMs: number;
  events: Follower<KubernetesEvent> | undefined;
  log: { readonly of: LogWanted; readonly lines: readonly string[] } | undefined;
  node: ClusterNode | undefined;
  /** What the pod was like when its log and node were last asked for. */
  version: string | undefined;
  looks: number;
  lookedMs: number;
};

/**
 * Asks the cluster about pods that stand still: follows their Events, reads the last lines of their logs, and looks at
 * their nodes. A few pods at a time, each standing for those that are like it, so that the cost does not grow with an
 * upgrade. Nothing of it is needed: what may not be read, or fails, leaves a cause with less detail.
 */
export class Inquiry {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #atOnce: boolean;
  readonly #cases = new Map<string, Case>();
  /** What may not be read, by namespace. */
  readonly #denied = new Map<string, Set<Asked>>();
  readonly #asking = new Set<Promise<void>>();
  #openedMs = Number.NEGATIVE_INFINITY;
  #cancelLook: () => void = () => undefined;
  #lookMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** `changed` is called when there is an answer, and when there is something to ask. `atOnce` is for who looks but once. */
  constructor(
    deps: { readonly cluster: Cluster; readonly clock: Clock },
    changed: () => void,
    { atOnce = false } = {},
  ) {
    this.#cluster = deps.cluster;
    this.#clock = deps.clock;
    this.#changed = changed;
    this.#atOnce = atOnce;
  }

  /** What is known of the pods that stand still now; asks for what is not. */
  readonly about = (alike: readonly Alike[]): Evidence => {
    if (this.#closed) return NO_EVIDENCE;
    const nowMs = this.#clock.monotonic();
    const isMute = alike.every(({ example }) => this.#isMute(example.metadata));
    const suspected = isMute ? [] : suspectsOf(apart(alike, this.#known));
    const suspects = new Map(suspected.map((suspect) => [suspect.uid, suspect]));
    for (const uid of this.#cases.keys()) if (!suspects.has(uid)) this.#drop(uid);
    const evidence = new Map<string, PodEvidence>();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [uid, suspect] of suspects) {
      const known = this.#cases.get(uid) ?? newCase(nowMs, suspect);
      this.#cases.set(uid, known);
      nextMs = Math.min(nextMs, this.#pursue(suspect, known, nowMs));
      evidence.set(uid, evidenceOf(known, suspect));
    }
    this.#lookAt(nowMs + nextMs);
    return evidence;
  };

  readonly #known = (example: Pod): PodEvidence | undefined => {
    const known = this.#cases.get(example.metadata.uid ?? '');
    return known && evidenceOf(known, suspectOf(example));
  };

  #lookAt(ms: number): void {
    if (ms === this.#lookMs) return;
    this.#cancelLook();
    this.#lookMs = ms;
    if (ms === Number.POSITIVE_INFINITY) return;
    this.#cancelLook = this.#clock.after(ms - this.#clock.monotonic(), () => {
      this.#lookMs = Number.POSITIVE_INFINITY;
      this.#changed();
    });
  }

  get isAsking(): boolean {
    return this.#asking.size > 0;
  }

  /** Resolves when all that was asked is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#asking);
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
    for (const uid of this.#cases.keys()) this.#drop(uid);
  }

  #drop(uid: string): void {
    this.#cases.get(uid)?.events?.close();
    this.#cases.delete(uid);
  }

  /** Asks what is due, and answers with how long it is until something is again. */
  #pursue(suspect: Suspect, known: Case, nowMs: number): number {
    const nextPodMs = this.#atOnce ? 0 : NEXT_POD_MS;
    if (known.afterMs !== suspect.afterMs) {
      known.sinceMs = nowMs;
      known.afterMs = suspect.afterMs;
    }
    const stillMs = this.#atOnce ? 0 : known.sinceMs + suspect.afterMs - nowMs;
    if (stillMs > 0) return stillMs;
    if (known.events === undefined && suspect.wantsEvents && !this.#isDenied('events', suspect)) {
      const openMs = this.#openedMs + nextPodMs - nowMs;
      if (openMs > 0) return openMs;
      this.#openedMs = nowMs;
      this.#follow(suspect, known);
    }
    const isNew = known.version !== suspect.version;
    const lookMs = known.lookedMs + (isNew ? nextPodMs : lookEveryMs(known.looks)) - nowMs;
    if (lookMs > 0) return lookMs;
    known.looks = isNew ? 1 : known.looks + 1;
    known.version = suspect.version;
    known.lookedMs = nowMs;
    this.#look(suspect, known);
    return lookEveryMs(known.looks);
  }

  #follow(suspect: Suspect, known: Case): void {
    const { namespace } = suspect.ref;
    const selection = { namespace, fields: { 'involvedObject.uid': suspect.uid } };
    const follower = this.#cluster.follow('events', selection, this.#changed);
    known.events = follower;
    this.#ask('events', suspect, async () => follower.synced);
  }

  #look(suspect: Suspect, known: Case): void {
    const { ref, log, node } = suspect;
    if (log !== undefined) {
      this.#ask('log', suspect, async () => {
        known.log = { of: log, lines: await this.#cluster.log(ref, logRequest(log)) };
        this.#changed();
      });
    }
    if (node !== undefined) {
      this.#ask('nodes', suspect, async () => {
        known.node = await this.#cluster.get('nodes', { namespace: '', name: node });
        this.#changed();
      });
    }
  }

  #isDenied(what: Asked, { ref }: Suspect): boolean {
    return this.#denied.get(ref.namespace)?.has(what) === true;
  }

  /** Whether nothing may be asked about the pods of a namespace. */
  #isMute({ namespace }: ObjectRef): boolean {
    return this.#denied.get(namespace)?.size === ALL_ASKED;
  }

  #deny(what: Asked, { namespace }: ObjectRef): void {
    const denied = this.#denied.get(namespace) ?? new Set<Asked>();
    this.#denied.set(namespace, denied.add(what));
  }

  /** An upgrade never fails for an answer that it can do without. */
  #ask(what: Asked, suspect: Suspect, work: () => Promise<void>): void {
    if (this.#isDenied(what, suspect)) return;
    const asking = work().catch((error: unknown) => {
      if (!(error instanceof ClusterError)) throw error;
      if (error.fault === 'forbidden') this.#deny(what, suspect.ref);
    });
    this.#asking.add(asking);
    void asking.finally(() => this.#asking.delete(asking));
  }
}

const newCase = (nowMs: number, { afterMs }: Suspect): Case => ({
  sinceMs: nowMs,
  afterMs,
  events: undefined,
  log: undefined,
  node: undefined,
  version: undefined,
  looks: 0,
  lookedMs: Number.NEGATIVE_INFINITY,
});

const lookEveryMs = (looks: number): number => Math.min(MOST_LOOK_MS, FIRST_LOOK_MS * 2 ** Math.max(0, looks - 1));

const logRequest = ({ container, previous }: LogWanted) => ({
  container,
  previous,
  tailLines: LOG_LINES,
  limitBytes: LOG_BYTES,
});

const evidenceOf = ({ events, log, node }: Case, suspect: Suspect): PodEvidence => ({
  events: events?.objects() ?? [],
  ...(log && isSameRun(log.of, suspect.log) && { log: log.lines }),
  ...(node && { node }),
});

const isSameRun = (a: LogWanted, b: LogWanted | undefined): boolean =>
  a.container === b?.container && a.previous === b.previous && a.restarts === b.restarts;
