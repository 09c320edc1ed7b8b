import type { Finding } from '../upgrade/finding.ts';
import type { Performance, Performer } from '../rehearse/rehearse-run.ts';

/** What a thread is sent: one run. */
export type Task = Parameters<Performer>;

/** What it sends back. */
export type Answer =
  | { readonly kind: 'done'; readonly run: Performance }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };
