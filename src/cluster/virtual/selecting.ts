import type { LabelSelector, ObjectMeta, Selection } from '../port.ts';
import { fieldOf } from './listeners.ts';
import type { StoredKind } from './objects.ts';
import { invalid } from './refusals.ts';

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** Kinds whose objects are in no namespace: whichever is asked for, it is all of them. */
const CLUSTER_SCOPED: ReadonlySet<StoredKind> = new Set<StoredKind>(['nodes', 'namespaces']);

/** The namespace that a selection of a kind is bound to. */
export const namespaceOf = (kind: StoredKind, { namespace }: Selection): string | undefined =>
  CLUSTER_SCOPED.has(kind) ? undefined : namespace;

/** Whether an object is of a selection; made once, and asked for each change. Throws ClusterError `invalid`. */
export const selecting = (
  kind: StoredKind,
  selection: Selection,
): ((object: { readonly metadata: ObjectMeta }) => boolean) => {
  const { name, labels, fields = {} } = selection;
  const namespace = namespaceOf(kind, selection);
  const tests = labels === undefined ? [] : testsOf(labels);
  const values = Object.entries(fields).map(([field, value]) => ({ path: field.split('.'), value }));
  return (object) => {
    const { metadata } = object;
    if (namespace !== undefined && metadata.namespace !== namespace) return false;
    if (name !== undefined && metadata.name !== name) return false;
    for (const test of tests) if (!test(metadata.labels ?? NO_LABELS)) return false;
    for (const { path, value } of values) if (fieldOf(object, path) !== value) return false;
    return true;
  };
};

const NO_LABELS: Labels = {};

const testsOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Test[] => [
  ...Object.entries(matchLabels).map(
    ([key, value]): Test =>
      (labels) =>
        labels[key] === value,
  ),
  ...matchExpressions.map(({ key, operator, values = [] }): Test => {
    switch (operator) {
      case 'In':
        return (labels) => values.includes(labels[key] ?? '') && Object.hasOwn(labels, key);
      case 'NotIn':
        return (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '');
      case 'Exists':
        return (labels) => Object.hasOwn(labels, key);
      case 'DoesNotExist':
        return (labels) => !Object.hasOwn(labels, key);
      default:
        throw invalid(`"${operator}" is not a valid label selector operator`);
    }
  }),
];
