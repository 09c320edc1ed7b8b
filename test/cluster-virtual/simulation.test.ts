/** The real driver on random virtual clusters. `SIMULATION_SEED=17` replays one seed. */
import { describe, expect, it } from 'vitest';
import { badConnection, caseOf, judgeOf, simulate } from './simulated.ts';

const given = process.env['SIMULATION_SEED'];
const seedsUpTo = (count: number): readonly number[] =>
  given === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(given)];

/** A failure tells how to see it again. */
const withReplay = async (seed: number, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const replay = `SIMULATION_SEED=${seed} npx vitest run --project unit test/cluster-virtual/simulation.test.ts`;
    throw new Error(`seed ${seed} fails; replay it with: ${replay}\n${String(error)}`, { cause: error });
  }
};

const ENDINGS = [
  'reached',
  'deployment-gone',
  'foreign-write',
  'template-changed',
  'stuck: crash',
  'stuck: image',
  'stuck: not-ready',
  'stuck: quota',
  'stuck: unschedulable',
];

const told = async (seed: number): Promise<string> =>
  JSON.stringify((await simulate(caseOf(seed, { failing: true }))).events);

describe('the driver on a virtual cluster', { timeout: 60_000 }, () => {
  it('keeps to the envelope and arrives, when no pod fails', async () => {
    for (const seed of seedsUpTo(400)) {
      await withReplay(seed, async () => {
        const drawn = caseOf(seed, { failing: false });
        const { outcome, counts } = await simulate(drawn, judgeOf(drawn));
        expect(outcome).toEqual({ kind: 'reached' });
        expect(counts).toEqual([drawn.spec.targets.main, drawn.spec.targets.grey]);
      });
    }
  });

  it('does so on a bad connection', async () => {
    for (const seed of seedsUpTo(300)) {
      await withReplay(seed, async () => {
        const drawn = caseOf(seed, { failing: false });
        const { outcome, counts } = await simulate(drawn, judgeOf(drawn), badConnection(seed));
        expect(outcome).toEqual({ kind: 'reached' });
        expect(counts).toEqual([drawn.spec.targets.main, drawn.spec.targets.grey]);
      });
    }
  });

  it('ends, or says why it does not go on, whatever fails', async () => {
    const outcomes = new Map<string, number>();
    for (const seed of seedsUpTo(300)) {
      await withReplay(seed, async () => {
        const drawn = caseOf(seed, { failing: true });
        const { outcome, counts } = await simulate(drawn);
        const { main, grey } = drawn.spec.targets;
        expect(outcome.kind === 'reached' ? counts : [main, grey]).toEqual([main, grey]);
        const word = outcome.kind === 'stuck' ? `stuck: ${outcome.reason}` : outcome.kind;
        outcomes.set(word, (outcomes.get(word) ?? 0) + 1);
      });
    }
    // Fewer kinds of ending would mean that the scenarios do not test what they are made for.
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(given === undefined ? ENDINGS : []));
  });

  it('does the same for the same seed, and something else for another', async () => {
    expect(await told(3)).toBe(await told(3));
    expect(await told(3)).not.toBe(await told(4));
  });
});
