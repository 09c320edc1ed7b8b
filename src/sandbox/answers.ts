import type { ServerResponse } from 'node:http';
import type { VirtualCluster } from '../cluster/virtual/virtual-cluster.ts';
import { notFound } from '../cluster/virtual/refusals.ts';
import { type Answer, type Asked, refOf, type TextAnswer } from './asked.ts';
import { chunkOf } from './chunks.ts';
import { discover } from './discovery.ts';
import { History, type StoredObject } from './history.ts';
import { isJson } from './json.ts';
import { answerLog } from './log.ts';
import type { RealClock } from './pace.ts';
import { type Presentation, presentationOf } from './presentation.ts';
import { badRequest, noDryRun, noSuchPath } from './refusal.ts';
import { answerReview } from './reviews.ts';
import { type Route, routeOf } from './route.ts';
import { answerScale } from './scale.ts';
import { selectedBy } from './selected.ts';
import { serveWatch } from './watch.ts';
import { answerWrite } from './writes.ts';

export type AnswersOptions = {
  readonly clock: RealClock;
  /** Between two bookmarks of a watch. */
  readonly bookmarkMs: number;
  /** At least so many changes of each kind can be told again to a watch. */
  readonly history: number;
};

/** Answers requests in the form of the Kubernetes API. */
export class Answers {
  readonly #cluster: VirtualCluster;
  readonly #options: AnswersOptions;
  readonly #history: History;

  constructor(cluster: VirtualCluster, options: AnswersOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#history = new History(cluster.api, options.history);
  }

  /** The answer; undefined where the response has been taken to write into. Throws Refusal and ClusterError. */
  answer(path: string, asked: Asked, response: ServerResponse): Answer | TextAnswer | undefined {
    const discovered = asked.method === 'GET' ? discover(path) : undefined;
    if (isJson(discovered)) return { code: 200, body: discovered };
    const reviewed = answerReview(path, asked);
    if (reviewed !== undefined) return reviewed;
    const route = routeOf(path);
    if (asked.method !== 'GET' && asked.query.has('dryRun')) throw noDryRun();
    const { api, clock } = this.#cluster;
    if (route.subresource !== undefined && route.kind === 'pods') return answerLog(this.#cluster, route, asked);
    if (route.subresource !== undefined) return answerScale(api, route, asked);
    const present = presentationOf(route.kind, asked.accept, asked.query, clock.now);
    if (asked.method !== 'GET' && route.isWatch) throw noSuchPath();
    if (asked.method !== 'GET') return answerWrite(api, route, asked, present);
    if (route.isWatch || ['true', '1'].includes(asked.query.get('watch') ?? ''))
      return this.#watch(route, asked, present, response);
    return route.name === undefined ? this.#list(route, asked, present) : this.#get(route, present);
  }

  close(): void {
    this.#history.close();
  }

  #get(route: Route, present: Presentation): Answer {
    const ref = refOf(route);
    const found = this.#cluster.api.get(route.kind, ref);
    if (found === undefined) throw notFound(route.kind, ref.name);
    return { code: 200, body: present.object(found) };
  }

  #list(route: Route, { query }: Asked, present: Presentation): Answer {
    const isSelected = selectedBy(route, query);
    const now = this.#objects(route, () => true);
    const { items, metadata } = chunkOf({ kind: route.kind, query, history: this.#history, now, isSelected });
    return { code: 200, body: present.list(items, metadata) };
  }

  #watch(route: Route, { query }: Asked, present: Presentation, response: ServerResponse): undefined {
    if (route.name !== undefined && !route.isWatch)
      throw badRequest('to watch one object takes fieldSelector=metadata.name=…');
    const isSelected = selectedBy(route, query);
    const objects = (): readonly StoredObject[] => this.#objects(route, isSelected);
    serveWatch(route, query, isSelected, present, response, { ...this.#options, history: this.#history, objects });
  }

  #objects({ kind, namespace }: Route, isSelected: (object: StoredObject) => boolean): readonly StoredObject[] {
    const { items } = this.#cluster.api.list(kind, namespace === undefined ? {} : { namespace });
    return items.filter(isSelected);
  }
}
