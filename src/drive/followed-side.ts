import {
  atLeastVersion,
  type Cluster,
  type CopyChange,
  type Deployment,
  type Follower,
  type Pod,
  type ReplicaSet,
} from '../cluster/port.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { lookedAtOfDeployment, lookedAtOfReplicaSet, News } from './news.ts';
import { isActedOn, type SideObjects } from './observe.ts';
import { Pods } from './pods.ts';

type Opening = { readonly cluster: Cluster; readonly ref: DeploymentRef; readonly changed: () => void };

/** A live copy of a Deployment, its ReplicaSets and its pods. */
export class FollowedSide {
  readonly ref: DeploymentRef;
  readonly #cluster: Cluster;
  readonly #changed: () => void;
  readonly #deployments: Follower<Deployment>;
  readonly #replicaSets: Follower<ReplicaSet>;
  readonly #pods: Follower<Pod>;
  readonly #counted = new Pods();
  readonly #news = new News(lookedAtOfDeployment);
  /** What this process wrote or read itself, until the watch has caught up with it. */
  #ahead: Deployment | undefined;
  /** Of the Deployment as it was followed last. */
  #followedVersion: string | undefined;
  /** Whether what the controllers say of themselves, in a status, is news too. */
  #isAwaited = false;

  private constructor({ cluster, ref, changed }: Opening, deployments: Follower<Deployment>, deployment: Deployment) {
    this.ref = ref;
    this.#cluster = cluster;
    this.#changed = changed;
    this.#deployments = deployments;
    this.#news.know(deployment);
    this.#followedVersion = deployment.metadata.resourceVersion;
    const own = { namespace: ref.namespace, labels: deployment.spec.selector };
    const setNews = new News(lookedAtOfReplicaSet);
    this.#replicaSets = cluster.follow('replicasets', own, (changes) => {
      if (setNews.isIn(changes) || this.#isAwaited) changed();
    });
    this.#pods = cluster.follow('pods', own, (changes) => {
      for (const change of changes) this.#counted.change(change);
      changed();
    });
  }

  /** `changed` is called when there is something new to look at. Undefined where there is no such Deployment. */
  static async open(cluster: Cluster, ref: DeploymentRef, changed: () => void): Promise<FollowedSide | undefined> {
    let side: FollowedSide | undefined;
    const { namespace, name } = ref;
    const deployments = cluster.follow('deployments', { namespace, name }, (changes) => {
      if (side !== undefined) side.#heard(changes);
    });
    try {
      await deployments.synced;
      // Its selector says which ReplicaSets and pods are to be followed.
      const [deployment] = deployments.objects();
      if (deployment === undefined) {
        deployments.close();
        return undefined;
      }
      side = new FollowedSide({ cluster, ref, changed }, deployments, deployment);
      await Promise.all([side.#replicaSets.synced, side.#pods.synced]);
      return side;
    } catch (error) {
      deployments.close();
      side?.close();
      throw error;
    }
  }

  /** Undefined where the Deployment is gone. */
  objects(): SideObjects | undefined {
    const deployment = this.#deployment();
    return deployment && { deployment, replicaSets: this.#replicaSets.objects(), pods: this.#counted };
  }

  /** Whether the controllers have acted on what is asked for. Where they have not, every status wakes until this says that they have. */
  isActedOn(): boolean {
    const objects = this.objects();
    this.#isAwaited = objects !== undefined && !isActedOn(objects);
    return !this.#isAwaited;
  }

  /** The API server has accepted a change of scale. */
  wrote(replicas: number, resourceVersion: string): void {
    const deployment = this.#deployment();
    if (deployment === undefined) return;
    this.#ahead = {
      ...deployment,
      // Each change of a spec is a generation of its own, on which no controller has acted yet; nobody else can have written it in
      // between, for then this write would have been refused.
      metadata: { ...deployment.metadata, resourceVersion, generation: (deployment.metadata.generation ?? 0) + 1 },
      spec: { ...deployment.spec, replicas },
    };
    this.#news.know(this.#ahead);
  }

  /**
   * The Deployment as it is followed, where that is newer than a version. Of a write that demands a version the next one shows
   * whether it was done.
   */
  since(version: string): Deployment | undefined {
    const followed = this.#deployment();
    const known = followed?.metadata.resourceVersion;
    return known !== version && atLeastVersion(known, version) ? followed : undefined;
  }

  /** Reads the Deployment itself, past the watch; undefined where it is gone. */
  async reread(): Promise<Deployment | undefined> {
    const read = await this.#cluster.get('deployments', this.ref);
    this.#ahead = read;
    // Older than what was heard of: the cluster was restored from a backup, and what is followed has to learn it.
    const followed = this.#deployments.objects()[0];
    if (read && followed && !atLeastVersion(read.metadata.resourceVersion, followed.metadata.resourceVersion))
      await this.refresh();
    return read;
  }

  async refresh(): Promise<void> {
    const ahead = this.#ahead;
    await Promise.all([this.#deployments.refresh(), this.#replicaSets.refresh(), this.#pods.refresh()]);
    // What was known before is in what has been read since, or is no more.
    if (this.#ahead === ahead) this.#ahead = undefined;
  }

  close(): void {
    this.#deployments.close();
    this.#replicaSets.close();
    this.#pods.close();
  }

  #heard(changes: readonly CopyChange<Deployment>[]): void {
    this.#forgetWhatNeverWas();
    if (this.#news.isIn(changes) || this.#isAwaited) this.#changed();
  }

  /** Where the Deployment is an older one than before, the cluster was restored from a backup: what was written since never was. */
  #forgetWhatNeverWas(): void {
    const version = this.#deployments.objects()[0]?.metadata.resourceVersion;
    if (version !== undefined && !atLeastVersion(version, this.#followedVersion)) this.#ahead = undefined;
    this.#followedVersion = version;
  }

  #deployment(): Deployment | undefined {
    const followed = this.#deployments.objects()[0];
    const ahead = this.#ahead;
    if (followed === undefined || ahead === undefined) return followed;
    if (!atLeastVersion(followed.metadata.resourceVersion, ahead.metadata.resourceVersion)) return ahead;
    this.#ahead = undefined;
    return followed;
  }
}
