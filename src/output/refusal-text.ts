import type { Difference } from '../upgrade/difference.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { type Addressee, end, goBack, goOn } from './next-step.ts';
import { countText } from './wording.ts';

/** Why an upgrade may not begin, and the way out: a line for each reason. */
export const refusalsText = (refusals: readonly Refusal[], to: Addressee): string => {
  const lines = refusals.map((refusal) => `  ${refusalText(refusal, to)}`);
  return [`${to.upgrade.name} was not started, and nothing was touched:`, ...lines].join('\n');
};

export const refusalText = (refusal: Refusal, { program }: Addressee): string => {
  switch (refusal.check) {
    case 'deployment-missing':
      return `${refusal.side}: there is no ${named(refusal.deployment)}; create it first (grey may have 0 replicas)`;
    case 'deployment-deleting':
      return `${refusal.side}: ${named(refusal.deployment)} is being deleted`;
    case 'not-observed':
      return `${refusal.side}: no controller has seen ${named(refusal.deployment)} yet; is kube-controller-manager at work?`;
    case 'rolling-out':
      return `${refusal.side}: ${named(refusal.deployment)} is in the middle of a rollout of its own (${countText(refusal.oldPods, 'pod')} of an older template); wait for \`kubectl rollout status\``;
    case 'selectors-overlap':
      return 'the selector of one Deployment takes in the pods of the other, so they would fight over them; give each a label of its own, such as its version';
    case 'limits':
      return `limits.${refusal.limit} ${refusal.value} ends the way at main ${refusal.at.main}, grey ${refusal.at.grey}, even when every pod is ready at once; take another mode, a smaller step, or another limit`;
    case 'other-upgrade':
      return `upgrade ${refusal.namespace}/${refusal.name} already moves ${named(refusal.deployment)}; finish or end it: ${program} abort ${refusal.name} -n ${refusal.namespace}`;
  }
};

const named = ({ namespace, name }: DeploymentRef): string => `Deployment ${namespace}/${name}`;

/** What differs between an unfinished upgrade and the spec file that was given for it. */
export const differencesText = (differing: readonly Difference[], to: Addressee): string => {
  const { name, namespace } = to.upgrade;
  const lines = differing.map(
    ({ field, before, after }) =>
      `  ${field}: ${before ?? 'not set'} in the upgrade, ${after ?? 'not set'} in the file`,
  );
  return [
    `${name} in ${namespace} is unfinished and was started with another spec; nothing was touched. What differs:`,
    ...lines,
    `Go on with it as it was started: ${goOn(to).command}`,
    `or end it as it stands: ${end(to).command}`,
  ].join('\n');
};

/** Why `start` does not go on with an upgrade that is on its way back. */
export const goingBackText = (to: Addressee): string =>
  [
    `${to.upgrade.name} in ${to.upgrade.namespace} is on its way back to the counts before its start; nothing was touched.`,
    `Go on back: ${goBack(to).command}`,
    `or forward again: ${goOn(to).command}`,
  ].join('\n');
