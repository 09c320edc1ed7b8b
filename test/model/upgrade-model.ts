import { readFileSync } from 'node:fs';
import type { WayChange } from '../../src/upgrade/command.ts';
import type { Way } from '../../src/upgrade/leg.ts';
import type { Course, Phase, UpgradeRecord } from '../../src/upgrade/record.ts';
import type { PerSide } from '../../src/upgrade/side.ts';

/** What a person asks, as the model knows it. */
export type Asked =
  | { readonly verb: 'pause' | 'abort' }
  | { readonly verb: 'resume'; readonly keepTargets: boolean }
  | { readonly verb: 'set-target'; readonly targets: Partial<PerSide<number>>; readonly way: WayChange }
  | { readonly verb: 'rollback'; readonly way: WayChange };

export type Answer = 'changed' | 'nothing to do' | 'refused';

/** What is told of an upgrade by its record, and what the model foretells. */
export type Standing = {
  readonly phase: Phase;
  readonly paused: boolean;
  readonly course: Course;
  readonly targets: PerSide<number>;
  readonly way: Way;
  readonly before: PerSide<number>;
};

export type Wanted = { readonly targets: PerSide<number>; readonly way: Way };

export const standingOf = ({ phase, intent, deployments }: UpgradeRecord): Standing => ({
  phase,
  paused: intent.paused,
  course: intent.course,
  targets: intent.targets,
  way: intent.way,
  before: { main: deployments.main.before, grey: deployments.grey.before },
});

/** A value as text in which the order of fields says nothing. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** The table of ARCHITECTURE.md, "Commands in every state": state, verb, answer. */
const TABLE: ReadonlyMap<string, ReadonlyMap<string, string>> = (() => {
  const page = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## Commands in every state'));
  const rows = [...section.slice(0, section.indexOf('\n- ')).matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
  const [[, ...verbs] = [], , ...states] = rows;
  return new Map(
    states.map(([state = '', ...answers]) => [state, new Map(verbs.map((verb, i) => [verb, answers[i] ?? '']))]),
  );
})();

const fromTable = (state: string, verb: string): Answer => {
  const answer = TABLE.get(state)?.get(verb);
  if (answer === 'changed' || answer === 'nothing to do' || answer === 'refused') return answer;
  throw new Error(`ARCHITECTURE.md does not say what ${verb} answers where an upgrade is ${state}`);
};

/** One upgrade, or none, as people who read the documents expect it to be. It never changes: every step makes another. */
export class UpgradeModel {
  readonly wanted: Wanted;
  readonly is: Standing | undefined;

  constructor(wanted: Wanted, is?: Standing) {
    this.wanted = wanted;
    this.is = is;
  }

  with(is: Standing | undefined): UpgradeModel {
    return new UpgradeModel(this.wanted, is);
  }

  /** The name of its row in the table; of one that is stuck the row says the same as of one that runs. */
  get state(): string {
    if (this.is === undefined) return 'none';
    const { phase, paused, course, targets } = this.is;
    if (phase !== 'active') return phase === 'rolled-back' ? 'rolled back' : phase;
    if (paused) return 'paused';
    if (course === 'back') return 'going back';
    return same(targets, this.wanted.targets) ? 'running' : 'held';
  }

  get isOffSpec(): boolean {
    return this.is?.course === 'forward' && !same(this.is.targets, this.wanted.targets);
  }

  /** What a driver makes of it when it has arrived; itself where it is not under way, or is held there. */
  get arrived(): UpgradeModel {
    if (this.is?.phase !== 'active' || this.isOffSpec) return this;
    return this.with({ ...this.is, phase: this.is.course === 'back' ? 'rolled-back' : 'completed' });
  }

  /** A `start` of the same spec where nobody else drives; `counts` are those that the Deployments have. */
  started(counts: PerSide<number>): {
    readonly answer: 'drives' | 'nothing to do' | 'refused';
    readonly next: UpgradeModel;
  } {
    if (this.is?.phase === 'completed' && same(counts, this.wanted.targets))
      return { answer: 'nothing to do', next: this };
    if (this.is?.phase === 'active') return { answer: this.is.course === 'back' ? 'refused' : 'drives', next: this };
    const { targets, way } = this.wanted;
    const begun = { phase: 'active', paused: false, course: 'forward', targets, way, before: counts } as const;
    return { answer: 'drives', next: this.with(begun) };
  }

  told(asked: Asked): { readonly answer: Answer; readonly next: UpgradeModel } {
    const { is } = this;
    const plain = fromTable(this.state, asked.verb);
    if (is === undefined || plain === 'refused' || (is.phase !== 'active' && plain === 'nothing to do'))
      return { answer: plain, next: this };
    const next = this.#intended(is, asked);
    const answer = same(next, is) ? 'nothing to do' : 'changed';
    if (isPlain(asked) && answer !== plain)
      throw new Error(`the model says ${answer} to ${asked.verb} where the table says ${plain}: ${this.state}`);
    return { answer, next: this.with(next) };
  }

  #intended(is: Standing, asked: Asked): Standing {
    const { way, targets } = this.wanted;
    const forwardWay = is.course === 'back' ? way : is.way;
    switch (asked.verb) {
      case 'pause':
        return { ...is, paused: true };
      case 'abort':
        return { ...is, phase: 'aborted' };
      case 'resume':
        if (asked.keepTargets) return { ...is, paused: false };
        return { ...is, paused: false, course: 'forward', targets, way: forwardWay };
      case 'set-target': {
        const moves = Object.keys(asked.targets).length > 0;
        if (!moves) return { ...is, way: over(is.way, asked.way) };
        const set = { ...is.targets, ...asked.targets };
        return { ...is, paused: false, course: 'forward', targets: set, way: over(forwardWay, asked.way) };
      }
      case 'rollback': {
        const base = is.course === 'back' ? is.way : way;
        return {
          ...is,
          phase: 'active',
          paused: false,
          course: 'back',
          targets: is.before,
          way: over(base, asked.way),
        };
      }
    }
  }
}

/** What the table speaks of: the verb without more. */
const isPlain = (asked: Asked): boolean =>
  asked.verb === 'pause' ||
  asked.verb === 'abort' ||
  (asked.verb === 'resume' && !asked.keepTargets) ||
  (asked.verb === 'rollback' && same(asked.way, {}));

const over = (way: Way, { mode, pacing, step }: WayChange): Way => ({
  mode: mode ?? way.mode,
  pacing: pacing ?? way.pacing,
  step: { ...way.step, ...step },
});
