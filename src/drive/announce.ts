import type { Cluster } from '../cluster/port.ts';
import type { UpgradeRecord, Verb } from '../upgrade/record.ts';
import { type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { type Clock, isoTime, within } from './clock.ts';

const COMPONENT = 'dupgrade';

/** Writes Kubernetes Events on Deployments, so that `kubectl describe` shows what was done to them, and by whom. */
export class Announcer {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #holder: string;
  readonly #failed: (message: string, error: unknown) => void;
  #pending = new Set<Promise<void>>();
  #count = 0;

  constructor(cluster: Cluster, clock: Clock, holder: string, failed: (message: string, error: unknown) => void) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#holder = holder;
    this.#failed = failed;
  }

  /** Does not wait, and does not fail: an upgrade never stands still for an Event. */
  announce(
    on: DeploymentRef & { readonly uid: string },
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    const time = isoTime(this.#clock);
    this.#count += 1;
    const { namespace, name, uid } = on;
    const written = this.#cluster
      .create('events', {
        metadata: { namespace, name: `${name}.${this.#clock.now().toString(16)}.${this.#count}` },
        involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid },
        type,
        reason,
        message: `${message}, by ${this.#holder}`,
        source: { component: COMPONENT },
        reportingComponent: COMPONENT,
        reportingInstance: this.#holder.slice(0, 128),
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      })
      .then(
        () => undefined,
        (error: unknown) =>
          this.#failed(
            `the Event "${message}" was not written: ${error instanceof Error ? error.message : String(error)}`,
            error,
          ),
      )
      .finally(() => this.#pending.delete(written));
    this.#pending.add(written);
  }

  /** Waits for what is under way. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }
}

/** What an Event says of a change of scale. */
export const scaledMessage = (upgrade: string, side: Side, from: number, to: number): string =>
  `Scaled ${side} of upgrade ${upgrade} from ${from} to ${to}`;

const VERB_REASONS: Readonly<Record<Verb, string>> = {
  start: 'UpgradeStarted',
  pause: 'UpgradePaused',
  resume: 'UpgradeResumed',
  'set-target': 'UpgradeRetargeted',
  abort: 'UpgradeAborted',
  rollback: 'UpgradeRollback',
};

/** Announces on both Deployments what somebody has said of their upgrade. */
export const announceVerb = (announcer: Announcer, { spec, deployments, intent }: UpgradeRecord, verb: Verb): void => {
  const message = verbMessage(spec.name, verb, intent.targets);
  for (const side of SIDES)
    announcer.announce({ ...spec.deployments[side], uid: deployments[side].uid }, VERB_REASONS[verb], message);
};

/** `Upgrade llama-v2: rollback to main 30, grey 0`; a pause and an abort go nowhere. */
const verbMessage = (upgrade: string, verb: Verb, { main, grey }: PerSide<number>): string => {
  const to = verb === 'pause' || verb === 'abort' ? '' : ` to main ${main}, grey ${grey}`;
  return `Upgrade ${upgrade}: ${verb}${to}`;
};

/** How long a command that was carried out waits for its Events. */
const ANNOUNCE_MS = 5_000;

/** The same for a command, which ends soon after. It may be that Events may not be written: the command was carried out. */
export const announceCommand = async (
  { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock },
  by: string,
  record: UpgradeRecord,
  verb: Verb,
  failed: (message: string) => void,
): Promise<void> => {
  const announcer = new Announcer(cluster, clock, by, failed);
  announceVerb(announcer, record, verb);
  await within(clock, ANNOUNCE_MS, announcer.flush());
};
