import * as fc from 'fast-check';
import type { Play } from './play.ts';
import { type Given, given, type Scale, steps } from './steps.ts';

/** Makes a cluster for an upgrade, and answers with what is broken when its play is over. */
export type Stage = (given: Given) => Promise<{ readonly play: Play; readonly over: () => Promise<void> }>;

export type Runs = {
  readonly runs: number;
  readonly seed: number;
  readonly most: number;
  /** The command that plays a failure again; the variables that name it come before. */
  readonly replay: string;
};

/**
 * Plays random steps on `runs` stages and compares with the model after each. Throws with the shortest play that shows what
 * is broken, and the line that plays it again: `SIMULATION_SEED`, `SIMULATION_PATH` and `SIMULATION_REPLAY` name it. Answers with
 * the exit codes with which drivers ended: plays that never came to them would show nothing.
 */
export const playAll = async (
  scale: Scale,
  stage: Stage,
  { runs, seed, most, replay }: Runs,
): Promise<readonly number[]> => {
  const codes = new Set<number>();
  const { SIMULATION_SEED, SIMULATION_PATH, SIMULATION_REPLAY } = process.env;
  const told = SIMULATION_REPLAY === undefined ? {} : { replayPath: SIMULATION_REPLAY };
  const commands = fc.commands(steps(scale), { maxCommands: most, size: 'max', ...told });
  const property = fc.asyncProperty(given(scale), commands, async (upgrade, played) => {
    const { play, over } = await stage(upgrade);
    await fc.asyncModelRun(() => ({ model: {}, real: play }), played);
    await play.end();
    await over();
    for (const { drove, code } of play.programs) if (drove && code !== undefined) codes.add(code);
  });
  const result = await fc.check(property, {
    numRuns: runs,
    seed: SIMULATION_SEED === undefined ? seed : Number(SIMULATION_SEED),
    ...(SIMULATION_PATH === undefined ? {} : { path: SIMULATION_PATH }),
  });
  if (!result.failed) return [...codes].toSorted((a, b) => a - b);
  const report = String(fc.defaultReportMessage(result));
  const [, path = ''] = /replayPath="([^"]*)"/.exec(report) ?? [];
  const names = `SIMULATION_SEED=${result.seed} SIMULATION_PATH=${result.counterexamplePath} SIMULATION_REPLAY='${path}'`;
  throw new Error(`${String(result.errorInstance)}\nreplay it with: ${names} ${replay}\n${report}`);
};
