/** What can go wrong with a request, with its answer, or with a watch that is open. */
export const FAULTS = [
  'connection dropped before the request',
  'answer lost after the write was done',
  'slow answer (up to 3 s)',
  'answer that never comes',
  '429',
  '429 with Retry-After',
  '500',
  '503',
  '504 after the write was done',
  'watch cut off within an event',
  'garbled watch event',
  'watch that falls silent',
  '410 Gone to a watch',
  'stale list',
] as const;

export type Fault = (typeof FAULTS)[number];

/** What a request is, as far as a fault asks. */
export type Sort = 'watch' | 'list' | 'other';

const ONLY_OF: Readonly<Partial<Record<Fault, Sort>>> = {
  'watch cut off within an event': 'watch',
  'garbled watch event': 'watch',
  'watch that falls silent': 'watch',
  '410 Gone to a watch': 'watch',
  'stale list': 'list',
};

export const canBefall = (fault: Fault, sort: Sort): boolean => (ONLY_OF[fault] ?? sort) === sort;

/** Of so many requests that it can befall, one has it. A client waits ten seconds for an answer that does not come. */
export const oneIn = (fault: Fault): number => {
  if (fault === 'answer that never comes') return 20;
  return ONLY_OF[fault] === undefined ? 6 : 2;
};
