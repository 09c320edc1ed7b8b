import { atLeastVersion, type CopyChange, type Follower, type Kind, type Kinds, type Selection } from '../port.ts';
import type { Call } from './call.ts';
import type { Answer } from './exchange.ts';
import { Expired, Passing } from './faults.ts';
import { kept } from './kept.ts';
import { type Listed, listAll } from './list.ts';
import { LiveCopy } from './live-copy.ts';
import type { Requests } from './requests.ts';
import { selectionQuery, watchPath } from './resources.ts';
import { backoffMs, limited, secondsOf, TimedOut } from './timing.ts';
import { readWatch, type WatchEvent } from './watch.ts';

type Changed<K extends Kind> = (changes: readonly CopyChange<Kinds[K]>[]) => void;

export const follow = <K extends Kind>(
  requests: Requests,
  kind: K,
  selection: Selection,
  changed: Changed<K>,
): Follower<Kinds[K]> => {
  const following = new Following(requests, kind, selection, changed);
  return {
    objects: () => following.copy.objects,
    synced: following.start(),
    refresh: () => following.list(),
    close: () => following.close(),
  };
};

/**
 * A list that is older than what is known already comes from a cache on the way, or the cluster was restored from a backup.
 * Pods that are gone must not come back by the first, so that it takes as many old lists in a row to believe the second.
 */
const OLD_LISTS = 3;

/**
 * A list, then a watch from its version on, for ever:
 * - a watch that ends as it should is taken up where it was;
 * - so is one that breaks, or is refused for now (429, 5xx), after a pause that grows until a watch shows something, or lasts
 *   longer than the pause before it;
 * - after anything that may have cost an event (410, an ERROR event, a line that cannot be read) comes a new list first,
 *   and so it does after a silence: of a watch that shows not even a bookmark for `silenceMs` it is unknown what it missed.
 */
class Following<K extends Kind> {
  readonly copy = new LiveCopy<Kinds[K]>();
  readonly #requests: Requests;
  readonly #kind: K;
  readonly #selection: Selection;
  readonly #changed: Changed<K>;
  #isTelling = false;
  readonly #end = new AbortController();
  #watching = new AbortController();
  #mustList = true;
  /** Whether the watch that is open now has shown anything. */
  #hasShown = false;

  constructor(requests: Requests, kind: K, selection: Selection, changed: Changed<K>) {
    this.#requests = requests;
    this.#kind = kind;
    this.#selection = selection;
    this.#changed = changed;
  }

  /** Resolves after the first list; goes on in the background then. */
  start(): Promise<void> {
    this.#requests.end.addEventListener('abort', this.close);
    if (this.#requests.end.aborted) this.close();
    const synced = this.list();
    synced.then(
      () => this.#keepOn(),
      // Whoever does not wait for it learns the same from `refresh`.
      () => undefined,
    );
    return synced;
  }

  readonly close = (): void => {
    this.#requests.end.removeEventListener('abort', this.close);
    this.#requests.copies.delete(this);
    this.#end.abort();
    this.#watching.abort();
  };

  async list(): Promise<void> {
    for (let asked = 1; ; asked++) {
      const askedAt = this.copy.version;
      const listed = await listAll(this.#requests, this.#kind, this.#selection);
      if (this.#end.signal.aborted) return;
      if (atLeastVersion(listed.resourceVersion, askedAt)) {
        this.#takeList(listed, askedAt);
        return;
      }
      if (asked >= OLD_LISTS) return this.#requests.copies.goBack(this, () => this.#takeList(listed, askedAt));
      await this.#doubt(asked);
    }
  }

  /** Another copy has found that the history of the cluster went back: this one is read without doubt. */
  async readAnew(): Promise<() => void> {
    const listed = await listAll(this.#requests, this.#kind, this.#selection);
    return () => this.#takeList(listed, this.copy.version);
  }

  #takeList({ items, resourceVersion }: Listed<K>, askedAt: string | undefined): void {
    if (this.#end.signal.aborted) return;
    this.#requests.copies.add(this);
    this.#mustList = false;
    const result = this.copy.takeList(items, resourceVersion, askedAt);
    if (result === 'went-back') this.#watching.abort(new Passing('the history of the cluster went back'));
    if (result !== 'unchanged') this.#tell();
  }

  async #doubt(asked: number): Promise<void> {
    const waitMs = backoffMs(this.#requests.timing, asked);
    this.#requests.note(
      `list ${this.#kind}: the answer is older than one before; asking again in ${secondsOf(waitMs)}`,
    );
    await this.#requests.rest(waitMs, this.#end.signal).catch(() => undefined);
  }

  async #keepOn(): Promise<void> {
    const { now } = this.#requests.timing;
    let failures = 0;
    let waitedMs = 0;
    let last: Error | undefined;
    while (!this.#end.signal.aborted) {
      this.#hasShown = false;
      const begunMs = now();
      const trouble = await this.#listAndWatch();
      // A proxy that resets what is idle is no failing server: what is followed must not be out of sight for most of the time.
      if (now() - begunMs > waitedMs) failures = 0;
      // A server that is back after minutes may say 410 first; the list should not wait as long as the server was away.
      if (this.#hasShown || trouble?.name !== last?.name) failures = 0;
      last = trouble;
      if (trouble === undefined && this.#hasShown) continue;
      failures += 1;
      waitedMs = await this.#pause(failures, trouble);
    }
  }

  /** Resolves when the watch has ended: with what is wrong, or with nothing where it ended as it should. */
  async #listAndWatch(): Promise<Error | undefined> {
    try {
      if (this.#mustList) await this.list();
      await this.#watch();
      return undefined;
    } catch (error) {
      const trouble = this.#requests.understood(error);
      this.#mustList ||= trouble instanceof Expired;
      return trouble;
    }
  }

  async #watch(): Promise<void> {
    const { silenceMs } = this.#requests.timing;
    this.#watching = new AbortController();
    if (this.#end.signal.aborted) return;
    try {
      await limited(this.#watching.signal, silenceMs, async ({ signal, restart }) => {
        const { body } = await this.#open(signal);
        await readWatch<Kinds[K]>(body, (events) => {
          restart();
          this.#take(events);
        });
      });
    } catch (error) {
      if (error instanceof TimedOut) throw new Expired(`it showed nothing for ${secondsOf(silenceMs)}`);
      throw error;
    }
  }

  /**
   * A server that was away may be back with another history: that of a backup. A watch that begins at a version which is yet
   * to come shows nothing of it, so that a list has to go before. One that says when to come again is busy, and not away.
   */
  async #open(signal: AbortSignal): Promise<Answer> {
    try {
      return await this.#requests.open(this.#watchCall(), signal);
    } catch (error) {
      this.#mustList ||= !(error instanceof Passing && error.retryAfterMs !== undefined);
      throw error;
    }
  }

  #take(events: readonly WatchEvent<Kinds[K]>[]): void {
    if (this.#end.signal.aborted || events.length === 0) return;
    this.#hasShown = true;
    const changes = events.map((event) => this.copy.takeEvent(this.#kept(event)));
    if (changes.includes(true)) this.#tell();
  }

  /** Not in the middle of what is being read. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#changed(this.copy.takeChanges());
    });
  }

  #kept(event: WatchEvent<Kinds[K]>): WatchEvent<Kinds[K]> {
    return event.type === 'BOOKMARK'
      ? event
      : { type: event.type, object: kept(this.#kind, event.object, this.#selection) };
  }

  #watchCall(): Call {
    const { namespace, name } = this.#selection;
    const { timing } = this.#requests;
    return {
      method: 'GET',
      path: watchPath(this.#kind, this.#selection),
      query: {
        ...selectionQuery(this.#selection),
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.copy.version ?? '',
        // From 0.8 to 1.2 of it, so that the watches of many clients do not end together.
        timeoutSeconds: String(Math.round((timing.watchMs / 1000) * (0.8 + 0.4 * timing.random()))),
      },
      intent: { verb: 'watch', resource: this.#kind, namespace, name },
    };
  }

  /** A watch that ends at once, as it should, is no trouble to tell; but it may not be asked for without a pause either. */
  async #pause(failures: number, trouble: Error | undefined): Promise<number> {
    if (this.#end.signal.aborted) return 0;
    const asked = trouble instanceof Passing ? (trouble.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(backoffMs(this.#requests.timing, failures), asked);
    if (trouble !== undefined) this.#requests.tellRetry(this.#watchCall(), trouble, failures, waitMs);
    // It rejects when it is closed meanwhile, and then there is nothing more to do.
    await this.#requests.rest(waitMs, this.#end.signal).catch(() => undefined);
    return waitMs;
  }
}
