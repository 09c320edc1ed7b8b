import type { InitRefusal } from '../upgrade/init-refusal.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { listText } from './wording.ts';

/** Why no spec was made, and no grey, and the way out. */
export const initRefusalText = (refusal: InitRefusal): string => {
  switch (refusal.why) {
    case 'missing': {
      const way =
        refusal.side === 'grey'
          ? `; create it first (it may have 0 replicas), or have it made from main with --clone --image REPO:TAG`
          : '';
      return `${refusal.side}: there is no ${named(refusal.deployment)}${way}`;
    }
    case 'exists':
      return `grey: there is a ${named(refusal.deployment)} already; leave out --clone to write a spec for it, or give --grey another name`;
    case 'which-container': {
      const { asked, containers } = refusal;
      const problem =
        asked === undefined ? `main has ${containers.length} containers` : `main has no container ${asked}`;
      return `${problem}; give --container with one of ${listText(containers)}`;
    }
    case 'all-labels-serve':
      return [
        `grey cannot be told from ${named(refusal.main)}: its selector has ${labels(refusal.labels)} only, and ${services(refusal.services)} by it, so that grey's pods would be main's.`,
        `Give the pods of main a label that is not in that selector (a rollout of main), have the Service select by that one, and run this again.`,
      ].join('\n');
    case 'no-label':
      return `grey cannot be told from ${named(refusal.main)}: its selector has no label (matchLabels) that could have another value; make grey by hand, with a selector of its own`;
    case 'name-too-long':
      return `${refusal.name} is to be the value of the label ${refusal.label}, which has at most 63 characters; give --grey a shorter name`;
  }
};

const labels = (keys: readonly string[]): string => `the ${keys.length === 1 ? 'label' : 'labels'} ${listText(keys)}`;

const services = (names: readonly string[]): string =>
  names.length === 1 ? `Service ${names.join('')} selects` : `Services ${listText(names)} select`;

/** What was made, for whoever sees only the spec on standard output. */
export const madeText = ({ namespace, name }: DeploymentRef, main: DeploymentRef): string =>
  `created Deployment ${namespace}/${name} from ${main.name}, with 0 replicas`;

const named = ({ namespace, name }: DeploymentRef): string => `Deployment ${namespace}/${name}`;
