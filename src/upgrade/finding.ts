import type { Advice } from './advice.ts';
import type { Shortage } from './plan.ts';
import type { Refusal } from './refusal.ts';
import type { PerSide, Side } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** What is looked at before an upgrade, in the order in which it is told. */
export const CHECKS = [
  'deployments',
  'selectors',
  'limits',
  'other-upgrade',
  'rights',
  'ready',
  'paused',
  'services',
  'autoscalers',
  'owners',
  'budgets',
  'quota',
  'capacity',
  'template',
  'image',
] as const;

export type CheckName = (typeof CHECKS)[number];

/** Without these an upgrade would fail, or do harm, whoever says that it is fine. */
export const REQUIRED: ReadonlySet<CheckName> = new Set<CheckName>([
  'deployments',
  'selectors',
  'limits',
  'other-upgrade',
  'rights',
]);

export type Autoscaler = 'HorizontalPodAutoscaler' | 'ScaledObject' | 'VerticalPodAutoscaler';

/** Who brings Deployments into the cluster and keeps them as they are written elsewhere. */
export type Owner = 'Argo CD' | 'Flux' | 'Helm';

type OfSide = { readonly side: Side; readonly deployment: DeploymentRef };

/** What a check saw. */
export type Fact =
  | Refusal
  | { readonly check: 'fine' }
  /** `what` could not be read, so that nothing is known. */
  | { readonly check: 'unread'; readonly what: string; readonly why: 'denied' | 'not-installed' | 'no-deployments' }
  | { readonly check: 'rights-missing'; readonly rights: readonly string[] }
  | (OfSide & { readonly check: 'unready'; readonly asked: number; readonly ready: number })
  | (OfSide & { readonly check: 'paused' })
  /** Names of Services that select the pods of both sides, and of one only. */
  | { readonly check: 'services'; readonly both: readonly string[]; readonly only: PerSide<readonly string[]> }
  | (OfSide & {
      readonly check: 'autoscaler';
      readonly kind: Autoscaler;
      readonly name: string;
      /** It changes nothing by itself: paused, or it only recommends. */
      readonly idle: boolean;
    })
  | (OfSide & { readonly check: 'owner'; readonly owner: Owner; readonly ownsReplicas: boolean })
  /** Names of PodDisruptionBudgets that select pods of a side. */
  | { readonly check: 'budgets'; readonly of: PerSide<readonly string[]> }
  | {
      readonly check: 'quota-short';
      readonly namespace: string;
      readonly quota: string;
      readonly shortage: Shortage;
      readonly advice: Advice;
    }
  | { readonly check: 'room-short'; readonly shortages: readonly Shortage[]; readonly advice: Advice }
  | (OfSide & { readonly check: 'no-readiness-probe'; readonly containers: readonly string[] })
  /** Pods are counted as soon as they are ready. */
  | (OfSide & { readonly check: 'min-ready'; readonly seconds: number })
  /** One pod may take longer than the time without progress after which the run ends. */
  | (OfSide & {
      readonly check: 'slow-step';
      readonly because: 'grace-period' | 'readiness-delay';
      readonly seconds: number;
      readonly progressDeadlineMs: number;
    })
  | { readonly check: 'same-image'; readonly images: readonly string[] };

/** From the best to the worst; `unknown` is where something could not be looked at. */
export type Level = 'ok' | 'note' | 'unknown' | 'warning' | 'refusal';

/** One thing that a check has to say. */
export type Finding = { readonly name: CheckName; readonly level: Level; readonly fact: Fact };

export type Choices = {
  /** Checks that are left out. */
  readonly skip: readonly CheckName[];
  /** Warnings refuse, too. */
  readonly strict: boolean;
};

/** All findings, in the order of `CHECKS`. */
export type CheckReport = {
  readonly name: string;
  readonly namespace: string;
  readonly deployments: PerSide<DeploymentRef>;
  readonly verdict: 'ok' | 'warnings' | 'refused';
  readonly strict: boolean;
  readonly skipped: readonly CheckName[];
  readonly findings: readonly Finding[];
};

/** Refused where there is a refusal, or with `strict` a warning; what is unknown refuses never. */
export const verdictOf = (
  findings: readonly Finding[],
  { strict }: Pick<Choices, 'strict'>,
): CheckReport['verdict'] => {
  const has = (wanted: Level): boolean => findings.some(({ level }) => level === wanted);
  if (has('refusal') || (strict && has('warning'))) return 'refused';
  return has('warning') ? 'warnings' : 'ok';
};
