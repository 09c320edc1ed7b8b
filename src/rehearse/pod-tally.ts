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
  readonly #deployments: PerSide<DeploymentRef>;
  /** By the labels of pods, which all of one template share. */
  readonly #sides = new Map<Labels, Side | undefined>();
  readonly #ready: { [side in Side]: number } = { main: 0, grey: 0 };
  #curve: CurvePoint[] | undefined;
  /** Of the last change. */
  #atMs: number;
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
    this.#deployments = deployments;
    this.#curve = withCurve ? [] : undefined;
    this.#atMs = cluster.clock.monotonic();
    for (const pod of cluster.api.list('pods', {}).items) {
      const side = this.#sideOf(pod);
      if (side !== undefined) this.#count(side, pod, 1);
    }
    this.lowestReady = this.#ready.main + this.#ready.grey;
    this.highestPods = this.#pods;
    this.peakGpus = this.#gpus;
    cluster.api.watch('pods', ({ type, object, before }) => {
      const side = this.#sideOf(object);
      if (side === undefined) return;
      this.#draw();
      if (before !== undefined) this.#count(side, before, -1);
      if (type !== 'DELETED') this.#count(side, object, 1);
      this.#note();
    });
  }

  /** A point for every moment at which something changed, thinned where there are too many, and one for now. */
  get curve(): readonly CurvePoint[] {
    if (this.#curve === undefined) return [];
    const nowMs = this.#cluster.clock.monotonic();
    const points = [...this.#curve, this.#pointAt(this.#atMs)];
    return thinned(nowMs === this.#atMs ? points : [...points, this.#pointAt(nowMs)], MOST_POINTS);
  }

  #sideOf({ metadata: { namespace, labels = NO_LABELS } }: VirtualPod): Side | undefined {
    if (!this.#sides.has(labels)) {
      const isOf = (side: Side): boolean =>
        this.#deployments[side].namespace === namespace && this.#deployments[side].name === labels['app'];
      this.#sides.set(labels, SIDES.find(isOf));
    }
    return this.#sides.get(labels);
  }

  /** Once the moment of the last change is over: between two changes of one moment nobody could see anything. */
  #draw(): void {
    const nowMs = this.#cluster.clock.monotonic();
    if (this.#curve === undefined || nowMs === this.#atMs) return;
    this.#curve.push(this.#pointAt(this.#atMs));
    this.#atMs = nowMs;
    if (this.#curve.length >= 2 * MOST_POINTS) this.#curve = [...thinned(this.#curve, MOST_POINTS)];
  }

  #pointAt(atMs: number): CurvePoint {
    const { main, grey } = this.#ready;
    return { atMs, main, grey, ready: main + grey, pods: this.#pods, gpus: this.#gpus };
  }

  #count(side: Side, pod: VirtualPod, by: 1 | -1): void {
    this.#pods += by;
    this.#gpus += by * roomOf(pod.spec).gpus;
    if (isReady(pod) && !isTerminating(pod)) this.#ready[side] += by;
  }

  #note(): void {
    const ready = this.#ready.main + this.#ready.grey;
    this.lowestReady = Math.min(this.lowestReady, ready);
    this.highestPods = Math.max(this.highestPods, this.#pods);
    this.peakGpus = Math.max(this.peakGpus, this.#gpus);
  }
}

type Labels = NonNullable<VirtualPod['metadata']['labels']>;

const NO_LABELS: Labels = {};

/** `spec.replicas` of both sides; 0 where there is no such Deployment any more. */
export const replicasOf = ({ api }: VirtualCluster, deployments: PerSide<DeploymentRef>): PerSide<number> =>
  perSide((side) => api.get('deployments', deployments[side])?.spec.replicas ?? 0);
