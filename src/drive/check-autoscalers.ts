import type { ObjectMeta, TargetRef } from '../cluster/port.ts';
import type { Autoscaler } from '../upgrade/finding.ts';
import { SIDES } from '../upgrade/side.ts';
import { type Check, readingOf, type Said } from './said.ts';

type Found = {
  readonly kind: Autoscaler;
  readonly metadata: ObjectMeta;
  readonly target: TargetRef | undefined;
  readonly idle: boolean;
};

/** KEDA's words to hold a ScaledObject still: https://keda.sh/docs/latest/concepts/scaling-deployments/#pausing-autoscaling */
const KEDA_PAUSED = ['autoscaling.keda.sh/paused', 'autoscaling.keda.sh/paused-replicas'];

/** A VerticalPodAutoscaler in one of these modes touches no pod that runs. */
const ONLY_RECOMMENDS: ReadonlySet<string> = new Set(['Off', 'Initial']);

/**
 * A HorizontalPodAutoscaler (of one's own, or KEDA's) writes the replicas that the upgrade writes: it sleeps while they are
 * 0 and wakes at 1. A VerticalPodAutoscaler evicts pods, which takes them away in the middle of a step.
 */
export const autoscalers: Check = (snapshot) => {
  const horizontal = readingOf(snapshot.autoscalers, 'horizontalpodautoscalers');
  const keda = readingOf(snapshot.scaledObjects, 'scaledobjects');
  const vertical = readingOf(snapshot.verticalAutoscalers, 'verticalpodautoscalers');
  const found: Found[] = [
    ...(horizontal.objects ?? []).map(
      ({ metadata, spec }): Found => ({
        kind: 'HorizontalPodAutoscaler',
        metadata,
        target: spec?.scaleTargetRef,
        idle: false,
      }),
    ),
    ...(keda.objects ?? []).map(
      ({ metadata, spec }): Found => ({
        kind: 'ScaledObject',
        metadata,
        target: spec?.scaleTargetRef,
        idle: KEDA_PAUSED.some((key) => !['', 'false'].includes(metadata.annotations?.[key] ?? '')),
      }),
    ),
    ...(vertical.objects ?? []).map(
      ({ metadata, spec }): Found => ({
        kind: 'VerticalPodAutoscaler',
        metadata,
        target: spec?.targetRef,
        idle: ONLY_RECOMMENDS.has(spec?.updatePolicy?.updateMode ?? 'Auto'),
      }),
    ),
  ];
  const notRead = [horizontal, keda, vertical].flatMap(({ unread = [] }) => unread);
  return [...found.flatMap((each) => ofSides(snapshot.spec.deployments, each)), ...notRead];
};

const ofSides = (deployments: Parameters<Check>[0]['spec']['deployments'], found: Found): readonly Said[] =>
  SIDES.filter((side) => {
    const { kind = 'Deployment', name } = found.target ?? {};
    const { namespace, name: deployment } = deployments[side];
    return kind === 'Deployment' && name === deployment && found.metadata.namespace === namespace;
  }).map((side) => {
    const { kind, metadata, idle } = found;
    const active = kind === 'VerticalPodAutoscaler' ? 'warning' : 'refusal';
    return {
      level: idle ? 'note' : active,
      fact: { check: 'autoscaler', side, deployment: deployments[side], kind, name: metadata.name, idle },
    };
  });
