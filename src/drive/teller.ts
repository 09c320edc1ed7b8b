import type { Held } from '../upgrade/decide.ts';
import type { Standing, Told } from '../upgrade/events.ts';
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
    this.#standing = standing;
    this.tell({ type: 'observed', standing });
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
    this.tell({ type: 'alive', standing: this.#standing, idleMs, held: this.isHeld });
  }

  get aliveInMs(): number {
    return this.#toldMs + ALIVE_MS - this.#clock.monotonic();
  }
}
