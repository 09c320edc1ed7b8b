/** How the fake kubelet lets a pod behave; kwok.yaml has the stages behind it. */
export interface PodBehaviour {
  readonly mode?: 'ready' | 'never-ready' | 'crashloop' | 'image-pull' | 'pending' | 'degrade' | 'flap';
  /** Seconds from start to Ready, or the range from which they are drawn for each pod. Default 0. */
  readonly readySeconds?: number | readonly [earliest: number, latest: number];
  /** Seconds from start to exit of a container that crashes. Default 1. */
  readonly crashSeconds?: number;
  /** Seconds from exit to the next start. Default 10. */
  readonly backoffSeconds?: number;
  /** Seconds from Ready to un-Ready. Default 5. */
  readonly degradeSeconds?: number;
  /**
   * Seconds a deleted pod stays Terminating, at most its grace period (default 0); `deadline`: all of its grace period;
   * `never`: until it is deleted by force.
   */
  readonly terminateSeconds?: number | 'deadline' | 'never';
}

const prefix = 'sim.dupgrade.dev/';

/** The condition that holds a pod un-Ready whatever its mode. */
export const degradedCondition = `${prefix}degraded`;

export const behaviourAnnotations = (behaviour: PodBehaviour): Readonly<Record<string, string>> => {
  const { readySeconds } = behaviour;
  const [earliest, latest] = typeof readySeconds === 'object' ? readySeconds : [readySeconds, undefined];
  const values = {
    mode: behaviour.mode,
    'ready-seconds': earliest,
    'ready-seconds-max': latest,
    'crash-seconds': behaviour.crashSeconds,
    'backoff-seconds': behaviour.backoffSeconds,
    'degrade-seconds': behaviour.degradeSeconds,
    'terminate-seconds': behaviour.terminateSeconds,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[prefix + name, String(value)]])),
  );
};
