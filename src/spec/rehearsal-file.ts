import { array, exactOptional, int, number, object, string, enum as oneOf } from 'zod';
import type { RehearsalBeside } from '../upgrade/report.ts';
import { specErrorOf } from './finding.ts';
import type { SpecSource } from './parse.ts';
import { fieldOf } from './path.ts';
import { withoutByteOrderMark } from './text.ts';

const count = int().min(0);
const ms = number().min(0);

/** More than any rehearsal writes. */
const MOST_POINTS = 100_000;

const point = object({ atMs: ms, main: count, grey: count, ready: count, pods: count, gpus: ms });

/** What is shown of a rehearsal; the rest of its fields is not looked at. */
const schema = object({
  name: string(),
  floor: count,
  runs: int().min(1),
  reached: count,
  durations: exactOptional(object({ p50Ms: ms, p90Ms: ms, worstMs: ms })),
  lowestReady: count,
  highestPods: count,
  peakGpus: ms,
  example: object({
    seed: int(),
    end: object({ kind: oneOf(['reached', 'ended', 'never-ends']) }),
    durationMs: ms,
    lowestReady: count,
    highestPods: count,
    peakGpus: ms,
    writes: count,
    curve: array(point).min(1).max(MOST_POINTS),
  }),
});

/** The rehearsal that `dupgrade rehearse -o json` has written. Throws SpecError, with the field that makes no sense. */
export const parseRehearsal = ({ file, text: given }: SpecSource): RehearsalBeside => {
  const text = withoutByteOrderMark(given);
  const way = 'give what `dupgrade rehearse SPEC -o json` writes';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw specErrorOf(file, text, [{ offset: placeOf(why), field: '', message: `not JSON (${why}); ${way}` }]);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = fieldOf(issue?.path ?? []);
  const message = `is not that of a rehearsal (${issue?.message ?? 'invalid'}); ${way}`;
  throw specErrorOf(file, text, [{ offset: 0, field, message }]);
};

/** Where the parser of JSON stumbled, as far as it says so. */
const placeOf = (message: string): number => Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
