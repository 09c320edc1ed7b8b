import type { Held } from '../upgrade/decide.ts';
import { type Eta, etaLater } from '../upgrade/eta.ts';
import type { Standing, Told } from '../upgrade/events.ts';
import { type Cause, isSlowOnly } from '../upgrade/health.ts';
import type { Limits } from '../upgrade/limits.ts';
import { isSameJson } from '../upgrade/same-json.ts';
import type { Clock } from './clock.ts';

/** A sign of life when nothing was told for this long. */
export const ALIVE_MS = 30_000;

/** Tells events, and remembers what was told, so that what lasts is told once. */
export class Teller {
  readonly #clock: Clock;
  readonly #emit: (event: Told) => void;
  #toldMs: number;
  #standing: Standing | undefined;
  #held: 'paused' | 'off-spec' | undefined;
  #limited = '';
  #expected: { readonly eta: Eta; readonly atMs: number } | undefined;

  constructor(clock: Clock, emit: (event: Told) => void) {
    this.#clock = clock;
    this.#emit = emit;
    this.#toldMs = clock.monotonic();
  }

  tell(event: Told): void {
    this.#toldMs = this.#clock.monotonic();
    // After a write, a limit that holds still is news.
    if (event.type === 'scaled') this.#limited = '';
    // A new leg is told as one; that it is held too is news again.
    if (event.type === 'leg') this.#held = undefined;
    this.#emit(event);
  }

  warn(message: string): void {
    this.tell({ type: 'note', level: 'warning', message });
  }

  standing(standing: Standing): void {
    if (isSameJson(standing, this.#standing)) return;
    const before = this.#standing;
    this.#standing = standing;
    // How far a slow pod has come is told, but is no sign of life: where it is not shown, that would be missed.
    const isNews =
      !isSameJson(standing.sides, before?.sides) || !isSameJson(newsOf(standing), before && newsOf(before));
    if (!isNews) this.#emit(this.#observed(standing));
    else this.tell(this.#observed(standing));
  }

  /** How long it takes yet, as far as that is known; told at once where it is not what was to be expected. */
  expects(eta: Eta | undefined): void {
    const nowMs = this.#clock.monotonic();
    const expected = this.#expected && etaLater(this.#expected.eta, nowMs - this.#expected.atMs);
    this.#expected = eta && { eta, atMs: nowMs };
    if (this.#standing !== undefined && isSurprise(expected, eta)) this.#emit(this.#observed(this.#standing));
  }

  #observed(standing: Standing): Told {
    return { type: 'observed', standing: this.#withEta(standing) };
  }

  #withEta(standing: Standing): Standing {
    if (this.#expected === undefined) return standing;
    const { eta, atMs } = this.#expected;
    return { ...standing, eta: etaLater(eta, this.#clock.monotonic() - atMs) };
  }

  held(reason: 'paused' | 'off-spec', by: string): void {
    if (this.#held === reason) return;
    this.#held = reason;
    this.tell({ type: 'held', reason, by });
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** A hold is over. */
  goesOn(): void {
    this.#held = undefined;
  }

  limits(held: readonly Held[], limits: Limits): void {
    const told = JSON.stringify(held);
    if (told === this.#limited) return;
    this.#limited = told;
    for (const { side, limitedBy } of held) {
      this.tell({ type: 'limited', side, limit: limitedBy, value: limits[limitedBy] ?? 0 });
    }
  }

  /** A sign of life, if one is due. */
  alive(idleMs: number): void {
    if (this.#standing === undefined || this.aliveInMs > 0) return;
    this.tell({ type: 'alive', standing: this.#withEta(this.#standing), idleMs, held: this.isHeld });
  }

  get aliveInMs(): number {
    return this.#toldMs + ALIVE_MS - this.#clock.monotonic();
  }
}

/** A standing without what changes by itself. */
const newsOf = (standing: Standing): Standing =>
  standing.causes.some(isSlowOnly) ? { ...standing, causes: standing.causes.map(withoutProgress) } : standing;

const withoutProgress = (cause: Cause): Cause => {
  if (!isSlowOnly(cause)) return cause;
  const { message: _, detail: __, ...rest } = cause;
  return rest;
};

/** The least that counts as another time than was expected. */
const SURPRISE_MS = 5_000;

const isSurprise = (expected: Eta | undefined, eta: Eta | undefined): boolean => {
  if (expected === undefined || eta === undefined) return expected !== eta;
  const least = Math.max(SURPRISE_MS, expected.typicalMs / 10);
  return Math.abs(expected.typicalMs - eta.typicalMs) > least || Math.abs(expected.mostMs - eta.mostMs) > 2 * least;
};
