import type { Deployment } from '../cluster/port.ts';
import type { Owner } from '../upgrade/finding.ts';
import { SIDES } from '../upgrade/side.ts';
import { writerOf } from './observe.ts';
import type { Check, Said } from './said.ts';

/** How each is known: keys of labels and annotations, and the names under which it writes. */
const MARKS: Readonly<Record<Owner, { readonly keys: readonly string[]; readonly managers: readonly string[] }>> = {
  'Argo CD': {
    keys: ['argocd.argoproj.io/instance', 'argocd.argoproj.io/tracking-id'],
    managers: ['argocd-controller', 'argocd-application-controller'],
  },
  Flux: {
    keys: ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'],
    managers: ['kustomize-controller', 'helm-controller'],
  },
  Helm: { keys: ['meta.helm.sh/release-name', 'helm.sh/chart'], managers: ['helm'] },
};

/** In this order: Argo CD and Flux leave Helm's marks on what they make of charts. */
const OWNERS: readonly Owner[] = ['Argo CD', 'Flux', 'Helm'];

/** What stands before the slash in the keys of all of them. */
export const OWNER_DOMAINS: ReadonlySet<string> = new Set(
  OWNERS.flatMap((owner) => MARKS[owner].keys).flatMap((key) => key.split('/').slice(0, -1)),
);

/**
 * A GitOps controller that owns `spec.replicas` puts them back. Where a Deployment has its marks alone, it may own them
 * still: Argo CD's default way to apply leaves no trace of its own. Helm writes at the next `helm upgrade` only.
 */
export const owners: Check = ({ spec, sides }) =>
  SIDES.flatMap((side): Said[] => {
    const { deployment } = sides[side];
    const owner = OWNERS.find((each) => isMarked(deployment, each));
    if (owner === undefined) return [];
    const ownsReplicas = MARKS[owner].managers.includes(writerOf(deployment, 'replicas')?.manager ?? '');
    const fact = { check: 'owner', side, deployment: spec.deployments[side], owner, ownsReplicas } as const;
    return [{ level: owner === 'Helm' || !ownsReplicas ? 'note' : 'warning', fact }];
  });

const isMarked = ({ metadata }: Deployment, owner: Owner): boolean => {
  const { keys, managers } = MARKS[owner];
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  const isHelms = owner === 'Helm' && labels['app.kubernetes.io/managed-by'] === 'Helm';
  return (
    isHelms ||
    keys.some((key) => Object.hasOwn(labels, key) || Object.hasOwn(annotations, key)) ||
    managedFields.some(({ manager = '' }) => managers.includes(manager))
  );
};
