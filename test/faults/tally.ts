import type { Ground } from './ground.ts';
import { faultsOf, type Suffered } from './judged.ts';
import { atOnce } from './pool.ts';
import { lineOf, type Row, tableOf } from './table.ts';

/** What is done to one upgrade, and the row in which it counts. */
export interface Job {
  readonly fault: string;
  readonly run: (ground: Ground) => Promise<Suffered>;
}

/** The rows of a table, each told as soon as it is full, with all that is wrong in it. */
export class Tally {
  readonly #rows: Row[] = [];
  readonly #only: string;
  readonly #begunMs = performance.now();

  /** Of rows without `only` in their name nothing is done. */
  constructor(only: string) {
    this.#only = only;
  }

  get table(): string {
    return tableOf(this.#rows);
  }

  counts(fault: string): boolean {
    return fault.includes(this.#only);
  }

  /** Does all of it, so many at once, and answers with all that is wrong. */
  async suffered(count: number, all: readonly Job[]): Promise<readonly string[]> {
    const jobs = all.filter(({ fault }) => this.counts(fault));
    const rows = new Map(
      Array.from(
        Map.groupBy(jobs, ({ fault }) => fault),
        ([fault, own]) => [fault, own.length],
      ),
    );
    const ends = new Map<string, Suffered[]>(jobs.map(({ fault }) => [fault, []]));
    await atOnce(count, jobs, async (ground, { fault, run }) => {
      const end = await run(ground).catch(unjudged);
      const own = ends.get(fault) ?? [];
      own.push(end);
      if (own.length === rows.get(fault)) this.add({ fault, ends: own });
    });
    return [...ends].flatMap(([fault, own]) => wrongIn({ fault, ends: own }));
  }

  /** Adds a row that is full, and answers with all that is wrong with it. */
  add(row: Row): readonly string[] {
    this.#rows.push(row);
    const minutes = (performance.now() - this.#begunMs) / 60_000;
    const wrong = wrongIn(row);
    for (const line of [`${minutes.toFixed(1)} min: ${lineOf(row)}`, ...wrong]) process.stdout.write(`${line}\n`);
    return wrong;
  }
}

/** A fault that was never injected shows nothing. */
const wrongIn = ({ fault, ends }: Row): readonly string[] => [
  ...ends.flatMap(faultsOf),
  ...(ends.every(({ injected }) => injected === 0) ? [`${fault}: never injected`] : []),
];

/** One of a thousand upgrades that cannot be judged is a fault as well, and not the end of all. */
export const unjudged = (error: unknown): Suffered => ({
  injected: 0,
  recoveriesMs: [],
  violations: [],
  wrongWrites: [],
  wrongEnd: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
});
