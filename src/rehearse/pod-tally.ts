import { isReady, isTerminating, type VirtualPod } from '../cluster/virtual/objects.ts';
import { roomOf } from '../cluster/virtual/room.ts';
import type { VirtualCluster } from '../cluster/virtual/virtual-cluster.ts';
import { type CurvePoint, thinned } from '../upgrade/curve.ts';
import { type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';

/** As many points as a page or a terminal can show. */
const MOST_POINTS = 1000;

/** Counts the pods of both sides from the cluster's own events: what a run is judged by is not what its driver says. */
export class PodTally {
  readonly #cluster: VirtualCluster;
  readonly #sides: ReadonlyMap<string, Side>;
  readonly #ready: { [side in Side]: number } = { main: 0, grey: 0 };
  #curve: CurvePoint[] | undefined;
  #pods = 0;
  #gpus = 0;
  lowestReady: number;
  highestPods: number;
  peakGpus: number;

  constructor(
    cluster: VirtualCluster,
    deployments: PerSide<DeploymentRef>,
    { withCurve }: { readonly withCurve: boolean },
  ) {
    this.#cluster = cluster;
    this.#curve = withCurve ? [] : undefined;
    this.#sides = new Map(SIDES.map((side) => [keyOf(deployments[side].namespace, deployments[side].name), side]));
    for (const pod of cluster.api.list('pods', {}).items) {
      const side = this.#sideOf(pod);
      if (side !== undefined) this.#count(side, pod, 1);
    }
    this.lowestReady = this.#ready.main + this.#ready.grey;
    this.highestPods = this.#pods;
    this.peakGpus = this.#gpus;
    this.#note();
    cluster.api.watch('pods', ({ type, object, before }) => {
      const side = this.#sideOf(object);
      if (side === undefined) return;
      if (before !== undefined) this.#count(side, before, -1);
      if (type !== 'DELETED') this.#count(side, object, 1);
      this.#note();
    });
  }

  /** A point for every moment at which something changed, thinned where there are too many, and one for now. */
  get curve(): readonly CurvePoint[] {
    const last = this.#curve?.at(-1);
    const atMs = this.#cluster.clock.monotonic();
    if (this.#curve === undefined || last === undefined) return [];
    return thinned(last.atMs === atMs ? this.#curve : [...this.#curve, { ...last, atMs }], MOST_POINTS);
  }

  #sideOf({ metadata }: VirtualPod): Side | undefined {
    return this.#sides.get(keyOf(metadata.namespace, metadata.labels?.['app'] ?? ''));
  }

  #count(side: Side, pod: VirtualPod, by: 1 | -1): void {
    this.#pods += by;
    this.#gpus += by * roomOf(pod.spec).gpus;
    if (isReady(pod) && !isTerminating(pod)) this.#ready[side] += by;
  }

  #note(): void {
    const { main, grey } = this.#ready;
    const ready = main + grey;
    this.lowestReady = Math.min(this.lowestReady, ready);
    this.highestPods = Math.max(this.highestPods, this.#pods);
    this.peakGpus = Math.max(this.peakGpus, this.#gpus);
    if (this.#curve === undefined) return;
    const point = { atMs: this.#cluster.clock.monotonic(), main, grey, ready, pods: this.#pods, gpus: this.#gpus };
    const last = this.#curve.at(-1);
    // Between two events of one moment nobody could see anything.
    if (last?.atMs === point.atMs) this.#curve[this.#curve.length - 1] = point;
    else this.#curve.push(point);
    if (this.#curve.length >= 2 * MOST_POINTS) this.#curve = [...thinned(this.#curve, MOST_POINTS)];
  }
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** `spec.replicas` of both sides; 0 where there is no such Deployment any more. */
export const replicasOf = ({ api }: VirtualCluster, deployments: PerSide<DeploymentRef>): PerSide<number> =>
  perSide((side) => api.get('deployments', deployments[side])?.spec.replicas ?? 0);
