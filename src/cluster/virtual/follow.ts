import type { CopyChange, Follower, Kind, Selection } from '../port.ts';
import type { ApiServer } from './api-server.ts';
import { uidOf } from './key.ts';
import type { Change } from './listeners.ts';
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
    objects: () => following.objects(),
    synced: following.start(),
    refresh: () => following.refresh(),
    close: () => following.close(),
  };
};

/**
 * A change that is on its way, and what the object was before; it need not have been of the selection. Who follows is told of
 * no `before`, and lets go of it with the change.
 */
type News<T> = CopyChange<T> & { readonly before: T | undefined };

/**
 * A list, then a watch for ever. Events come in bunches, as they do on a connection: whatever happened until a bunch
 * arrives is in it. None is lost; a watch that fell silent only holds them back until a refresh.
 */
class Following<K extends Kind> {
  readonly #api: ApiServer;
  readonly #line: Line;
  readonly #kind: K;
  readonly #selection: Selection;
  readonly #changed: Changed<K>;
  /** What happened since the copy was last brought forward, and is to arrive. */
  #news: News<StoredKinds[K]>[] = [];
  /** As they were at the beginning, or last asked for; undefined where something has arrived since. */
  #objects: readonly StoredKinds[K][] | undefined = [];
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
    this.#objects = items;
    this.#isSynced = true;
    if (items.length > 0) this.#changed(items.map((object) => ({ object, isGone: false })));
    this.#await();
  }

  /**
   * Those that the server has, but for what is on its way: of ten thousand nobody keeps a copy that is never asked for. Not to be
   * asked by who is told of a change by the server itself, since this may not have heard of it yet.
   */
  objects(): readonly StoredKinds[K][] {
    this.#objects ??= this.#heardOf();
    return this.#objects;
  }

  /** What a list would show besides the copy is what has happened since. */
  async refresh(): Promise<void> {
    await this.#line.request(() => undefined);
    this.#take();
  }

  close(): void {
    // What happens from now on is not heard of.
    this.objects();
    this.#isClosed = true;
    this.#unwatch();
  }

  #listAndWatch(): readonly StoredKinds[K][] {
    const isSelected = selecting(this.#kind, this.#selection);
    const { items } = this.#api.list(this.#kind, this.#selection);
    if (this.#isClosed) return items;
    const hear = ({ type, object, before }: Change<StoredKinds[K]>): void => {
      const isIn = isSelected(object);
      if (!isIn && (before === undefined || !isSelected(before))) return;
      // What is not of the selection any more is gone from it.
      this.#news.push({ object, isGone: !isIn || type === 'DELETED', before });
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
    const changes = this.#news;
    this.#news = [];
    this.#objects = undefined;
    this.#changed(changes);
  }

  /** As the objects of the selection were before the news that are to arrive. */
  #heardOf(): readonly StoredKinds[K][] {
    const { items } = this.#api.list(this.#kind, this.#selection);
    if (this.#news.length === 0) return items;
    const isSelected = selecting(this.#kind, this.#selection);
    const objects = new Map(items.map((object) => [uidOf(object), object]));
    for (const { object, before } of this.#news.toReversed()) {
      if (before !== undefined && isSelected(before)) objects.set(uidOf(object), before);
      else objects.delete(uidOf(object));
    }
    return [...objects.values()];
  }
}
