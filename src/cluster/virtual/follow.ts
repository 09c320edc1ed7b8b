import type { CopyChange, Follower, Kind, Selection } from '../port.ts';
import type { ApiServer } from './api-server.ts';
import type { Change } from './listeners.ts';
import { LiveCopy } from './live-copy.ts';
import type { StoredKinds } from './objects.ts';
import { selecting } from './selecting.ts';

/** How what was seen gets to the one who follows. */
export type Line = {
  /** Does `read` at the server and answers with what it gave, some time later; rejects with a ClusterError. */
  readonly request: <T>(read: () => T) => Promise<T>;
  /** Calls after the time that an event of a watch takes; false where it never will, since the watch is silent. */
  readonly event: (call: () => void) => boolean;
};

type Changed<K extends Kind> = (changes: readonly CopyChange<StoredKinds[K]>[]) => void;

export const follow = <K extends Kind>(
  api: ApiServer,
  line: Line,
  kind: K,
  selection: Selection,
  changed: Changed<K>,
): Follower<StoredKinds[K]> => {
  const following = new Following(api, line, kind, selection, changed);
  return {
    objects: () => following.copy.objects,
    synced: following.start(),
    refresh: () => following.refresh(),
    close: () => following.close(),
  };
};

/**
 * A list, then a watch for ever. Events come in bunches, as they do on a connection: whatever happened until a bunch
 * arrives is in it. None is lost; a watch that fell silent only holds them back until a refresh.
 */
class Following<K extends Kind> {
  readonly copy = new LiveCopy<StoredKinds[K]>();
  readonly #api: ApiServer;
  readonly #line: Line;
  readonly #kind: K;
  readonly #selection: Selection;
  readonly #changed: Changed<K>;
  /** What happened since the copy was last brought forward. */
  #news: Change<StoredKinds[K]>[] = [];
  #isSynced = false;
  #isAwaited = false;
  #isClosed = false;
  #unwatch = (): void => undefined;

  constructor(api: ApiServer, line: Line, kind: K, selection: Selection, changed: Changed<K>) {
    this.#api = api;
    this.#line = line;
    this.#kind = kind;
    this.#selection = selection;
    this.#changed = changed;
  }

  async start(): Promise<void> {
    const items = await this.#line.request(() => this.#listAndWatch());
    if (this.#isClosed) return;
    for (const item of items) this.copy.set(item);
    this.#isSynced = true;
    if (items.length > 0) this.#changed(items.map((object) => ({ object, isGone: false })));
    this.#await();
  }

  /** What a list would show besides the copy is what has happened since. */
  async refresh(): Promise<void> {
    await this.#line.request(() => undefined);
    this.#take();
  }

  close(): void {
    this.#isClosed = true;
    this.#unwatch();
  }

  #listAndWatch(): readonly StoredKinds[K][] {
    const isSelected = selecting(this.#kind, this.#selection);
    const { items } = this.#api.list(this.#kind, this.#selection);
    if (this.#isClosed) return items;
    const hear = (change: Change<StoredKinds[K]>): void => {
      const isIn = isSelected(change.object);
      if (!isIn && (change.before === undefined || !isSelected(change.before))) return;
      // What is not of the selection any more is gone from it.
      this.#news.push(isIn || change.type === 'ADDED' ? change : { ...change, type: 'DELETED' });
      this.#await();
    };
    this.#unwatch = this.#api.watch(this.#kind, hear, this.#selection);
    return items;
  }

  #await(): void {
    if (!this.#isSynced || this.#isAwaited || this.#news.length === 0) return;
    this.#isAwaited = this.#line.event(() => {
      this.#isAwaited = false;
      this.#take();
    });
  }

  #take(): void {
    if (this.#isClosed || !this.#isSynced || this.#news.length === 0) return;
    const changes = this.#news.map(({ type, object }) => ({ object, isGone: type === 'DELETED' }));
    for (const { object, isGone } of changes) {
      if (isGone) this.copy.delete(object);
      else this.copy.set(object);
    }
    this.#news = [];
    this.#changed(changes);
  }
}
