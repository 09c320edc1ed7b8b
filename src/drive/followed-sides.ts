import type { Cluster } from '../cluster/port.ts';
import type { Outcome } from '../upgrade/outcome.ts';
import type { PerSide, Side } from '../upgrade/side.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { FollowedSide } from './followed-side.ts';
import { Wakeup } from './wakeup.ts';

/** Both sides of an upgrade, each followed from when it is first asked for. What is read so to begin an upgrade is not read again to drive it. */
export class FollowedSides {
  /** Woken when there is something new to look at. */
  readonly wakeup = new Wakeup();
  readonly #cluster: Cluster;
  readonly #deployments: PerSide<DeploymentRef>;
  readonly #openings = new Map<Side, Promise<FollowedSide | undefined>>();
  readonly #open = new Set<FollowedSide>();
  #isClosed = false;

  constructor(cluster: Cluster, deployments: PerSide<DeploymentRef>) {
    this.#cluster = cluster;
    this.#deployments = deployments;
  }

  /** One of them; undefined where there was no such Deployment. */
  side(side: Side): Promise<FollowedSide | undefined> {
    const opening = this.#openings.get(side) ?? this.#follow(this.#deployments[side]);
    this.#openings.set(side, opening);
    return opening;
  }

  /** Both; or the ending of who cannot do without one that is not there. */
  async both(): Promise<PerSide<FollowedSide> | Outcome> {
    const [main, grey] = await Promise.all([this.side('main'), this.side('grey')]);
    if (main !== undefined && grey !== undefined) return { main, grey };
    return { kind: 'deployment-gone', side: main === undefined ? 'main' : 'grey', replaced: false };
  }

  /** Reads everything again that is followed. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#open].map((side) => side.refresh()));
  }

  close(): void {
    this.#isClosed = true;
    for (const side of this.#open) side.close();
  }

  async #follow(ref: DeploymentRef): Promise<FollowedSide | undefined> {
    const side = await FollowedSide.open(this.#cluster, ref, () => this.wakeup.wake());
    if (side === undefined) return undefined;
    this.#open.add(side);
    if (this.#isClosed) side.close();
    return side;
  }
}
