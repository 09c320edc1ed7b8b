import type { KubernetesEvent } from '../cluster/port.ts';

/** When it happened last: the many ways in which Events say so. */
export const timeOf = ({ series, lastTimestamp, eventTime, metadata }: KubernetesEvent): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

/** How often it happened. */
export const timesOf = ({ series, count = 1 }: KubernetesEvent): number => series?.count ?? count;

/** The newest of those that are meant; of two of the same second, the one that was written later. */
export const newestOf = (
  events: readonly KubernetesEvent[],
  isMeant: (event: KubernetesEvent) => boolean,
): KubernetesEvent | undefined => {
  let newest: KubernetesEvent | undefined;
  for (const event of events) {
    if (isMeant(event) && (newest === undefined || isLater(event, newest))) newest = event;
  }
  return newest;
};

/** Some say it to the microsecond, most to the second: a part of a second tells nothing of the two. */
const isLater = (a: KubernetesEvent, b: KubernetesEvent): boolean => {
  const seconds = secondOf(a) - secondOf(b);
  if (seconds !== 0) return seconds > 0;
  return Number(a.metadata.resourceVersion ?? 0) >= Number(b.metadata.resourceVersion ?? 0);
};

const secondOf = (event: KubernetesEvent): number => Math.floor(Date.parse(timeOf(event)) / 1000);
