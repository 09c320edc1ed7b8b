import type { Kind } from '../cluster/port.ts';
import type { Fact, Finding } from '../upgrade/finding.ts';
import type { Reading, Snapshot } from './snapshot.ts';

/** What a check says. */
export type Said = Omit<Finding, 'name'>;

/** Looks at what was read; answers with nothing where all is well. */
export type Check = (snapshot: Snapshot) => readonly Said[];

/** The objects that were read, or what is to be said of their not being read. */
export const readingOf = <K extends Kind>(reading: Reading<K>, what: K) =>
  'unread' in reading ? { unread: [unread(what, reading.unread)] } : { objects: reading };

export const unread = (what: string, why: Extract<Fact, { readonly check: 'unread' }>['why']): Said => ({
  level: 'unknown',
  fact: { check: 'unread', what, why },
});
