import type { PodSpec } from '../cluster/port.ts';

type Labels = Readonly<Record<string, string>>;

/** The fields of a pod's spec in which selectors of pods stand. */
const SELECTING: ReadonlySet<string> = new Set(['affinity', 'topologySpreadConstraints']);

/**
 * The spec with the labels of its own selectors put through `change`: pods that are to be spread are to be spread among
 * their own kind, and of a clone that is another.
 */
export const selectorsWithin = (spec: PodSpec, change: (labels: Labels) => Labels): PodSpec => ({
  ...spec,
  ...Object.fromEntries(
    Object.entries(spec)
      .filter(([field]) => SELECTING.has(field))
      .map(([field, value]) => [field, within(value, change)]),
  ),
});

const within = (value: unknown, change: (labels: Labels) => Labels): unknown => {
  if (Array.isArray(value)) return value.map((each: unknown) => within(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => [
      key,
      key === 'matchLabels' && isLabels(each) ? change(each) : within(each, change),
    ]),
  );
};

const isLabels = (value: unknown): value is Labels =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
