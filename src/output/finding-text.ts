import type { Advice } from '../upgrade/advice.ts';
import type { Autoscaler, Fact, Finding, Owner } from '../upgrade/finding.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { shortageText } from './advice-text.ts';
import type { Addressee } from './next-step.ts';
import { refusalText } from './refusal-text.ts';
import { countText, durationText, listText } from './wording.ts';

/** What a finding says, and the way out. */
export const findingText = ({ name, fact }: Finding, to: Addressee): string =>
  fact.check === 'fine' ? FINE[name] : factText(fact, to);

const FINE: Readonly<Record<Finding['name'], string>> = {
  deployments: 'both are there, and no rollout of their own is under way',
  selectors: 'neither Deployment takes in the pods of the other',
  limits: 'the way leads to the targets within them',
  'other-upgrade': 'no other upgrade moves one of the two',
  rights: 'this user may do all that the run will do',
  ready: 'every asked pod is ready',
  paused: 'neither Deployment is paused',
  services: 'looked at',
  autoscalers: 'none scales one of the two',
  owners: 'no GitOps tool and no Helm release owns one of the two',
  budgets: 'no PodDisruptionBudget selects pods of one of the two',
  quota: 'no quota is in the way',
  capacity: 'there is room for the peak',
  template: 'readiness probes are there, and no step is long by itself',
  image: 'grey has another image than main',
};

const factText = (fact: Exclude<Fact, { readonly check: 'fine' }>, to: Addressee): string => {
  switch (fact.check) {
    case 'unread':
      return unreadText(fact);
    case 'rights-missing':
      return `this user may not ${fact.rights.join(', nor ')}; examples/rbac.yaml has all that is needed`;
    case 'unready':
      return `${fact.side}: ${fact.ready} of ${countText(fact.asked, 'asked pod')} of ${named(fact.deployment)} are ready; a step is complete only when all are, so see why first: kubectl get pods -n ${fact.deployment.namespace}`;
    case 'paused':
      return `${fact.side}: ${named(fact.deployment)} is paused; it is scaled all the same, but with pods of the template from before the pause: kubectl rollout resume deployment/${fact.deployment.name} -n ${fact.deployment.namespace}`;
    case 'services':
      return servicesText(fact);
    case 'autoscaler':
      return autoscalerText(fact);
    case 'owner':
      return ownerText(fact);
    case 'budgets':
      return budgetsText(fact);
    case 'quota-short':
      return `ResourceQuota ${fact.namespace}/${fact.quota} leaves too little: at its peak the way needs ${shortageText(fact.shortage)}; ${fittingText(fact.advice)}`;
    case 'room-short':
      return `at its peak the way needs ${listText(fact.shortages.slice(0, 1).map(shortageText))}; pods would wait until there is room; ${fittingText(fact.advice)}`;
    case 'no-readiness-probe':
      return `${fact.side}: no container of ${named(fact.deployment)} has a readiness probe, so that a pod counts as ready as soon as it has started; give the one that answers requests a readinessProbe`;
    case 'min-ready':
      return `${fact.side}: minReadySeconds ${fact.seconds} of ${named(fact.deployment)} is not waited for, a pod counts as soon as it is ready; let the readiness probe say when it can take load`;
    case 'slow-step':
      return slowStepText(fact);
    case 'same-image':
      return `grey has the same image as main (${listText(fact.images)}); is its template the new version?`;
    default:
      return refusalText(fact, to);
  }
};

/** The mode that has room, and how small a step would do. */
const fittingText = ({ take, reasons }: Advice): string => {
  const smaller = reasons.flatMap((reason) =>
    reason.kind === 'smaller-step' ? [`${reason.mode} fits with step ${reason.step}`] : [],
  );
  const fits = take === undefined ? [] : [`${take.mode} with ${take.pacing} fits as it is`];
  const ways = [...fits, ...smaller];
  return ways.length === 0 ? 'no mode fits; make room first' : ways.join('; ');
};

const named = ({ namespace, name }: DeploymentRef): string => `Deployment ${namespace}/${name}`;

const unreadText = ({ what, why }: Extract<Fact, { readonly check: 'unread' }>): string => {
  if (why === 'no-deployments') return `not checked: it takes ${what}`;
  if (why === 'not-installed') return `not checked: ${what} are not installed in this cluster`;
  return `not checked: this user may not list ${what}`;
};

const servicesText = ({ both, only }: Extract<Fact, { readonly check: 'services' }>): string => {
  const sides = [
    ...(only.main.length > 0 ? [`${listText(only.main)} selects main only`] : []),
    ...(only.grey.length > 0 ? [`${listText(only.grey)} selects grey only`] : []),
  ].join('; ');
  if (both.length > 0) return `${listText(both)} sends requests to both sides${sides === '' ? '' : `; ${sides}`}`;
  if (sides === '') return 'no Service selects pods of one of the two; what sends them requests is not known';
  return `no Service sends requests to both sides: ${sides}; select by labels that both templates have, or switch the requests over by other means`;
};

/** What stops an autoscaler, as its own documentation has it. */
const STOPPED: Readonly<Record<Autoscaler, string>> = {
  HorizontalPodAutoscaler:
    'it would write other counts on the way (it sleeps at 0 and wakes at 1); delete it for the time',
  ScaledObject:
    'it would write other counts on the way; annotate it with autoscaling.keda.sh/paused: "true" for the time',
  VerticalPodAutoscaler: 'it may evict pods in the middle of a step; set its updateMode to Off for the time',
};

const autoscalerText = ({
  side,
  deployment,
  kind,
  name,
  idle,
}: Extract<Fact, { readonly check: 'autoscaler' }>): string =>
  `${side}: ${kind} ${name} looks after ${named(deployment)}; ${idle ? 'it is idle, and changes nothing by itself' : STOPPED[kind]}`;

/** How its replicas are left to others. */
const LET_GO: Readonly<Record<Owner, string>> = {
  'Argo CD':
    'list /spec/replicas under ignoreDifferences, with syncOptions RespectIgnoreDifferences=true, or switch automated sync off for the time',
  Flux: 'take replicas out of the manifest, or suspend it for the time (flux suspend)',
  Helm: 'run no helm upgrade on the way, and set its replica counts to the targets afterwards',
};

const ownerText = ({ side, deployment, owner, ownsReplicas }: Extract<Fact, { readonly check: 'owner' }>): string => {
  const what = `${side}: ${named(deployment)} is managed by ${owner}`;
  if (owner === 'Helm') return `${what}; ${LET_GO[owner]}`;
  if (ownsReplicas) return `${what}, which owns its replicas and would put them back; ${LET_GO[owner]}`;
  return `${what}, which did not write its replicas last; if the manifest has replicas, ${LET_GO[owner]}`;
};

const budgetsText = ({ of }: Extract<Fact, { readonly check: 'budgets' }>): string => {
  const { main, grey } = of;
  if (main.length > 1 || grey.length > 1)
    return `several PodDisruptionBudgets select the same pods (${listText(main.length > 1 ? main : grey)}), which can then not be evicted at all; leave one`;
  if (grey.length === 0)
    return `PodDisruptionBudget ${listText(main)} guards main only: a node that is drained takes grey's pods all at once; let it select both, or give grey one of its own`;
  const names = listText([...new Set([...main, ...grey])]);
  return `PodDisruptionBudget ${names} holds for evictions; scaling passes by it, and limits.minReady is what holds for an upgrade`;
};

const slowStepText = (fact: Extract<Fact, { readonly check: 'slow-step' }>): string => {
  const span = durationText(fact.seconds * 1000);
  const deadline = durationText(fact.progressDeadlineMs);
  const why =
    fact.because === 'grace-period'
      ? `a pod of ${named(fact.deployment)} may take ${span} to be gone (terminationGracePeriodSeconds)`
      : `a pod of ${named(fact.deployment)} is not asked whether it is ready before ${span} (initialDelaySeconds)`;
  return `${fact.side}: ${why}, and the run ends after ${deadline} without progress; set a longer progressDeadline`;
};
