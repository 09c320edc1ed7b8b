import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { availableMemory } from 'node:process';
import { Worker } from 'node:worker_threads';
import { type Performer, RehearsalRefused, rehearseRun } from '../rehearse/rehearse-run.ts';
import type { Answer } from './message.ts';

/** Those who do the runs of a rehearsal: threads, or where those are not worth it the one that asks. */
export type Threads = {
  readonly performers: readonly Performer[];
  readonly close: () => Promise<void>;
};

/** How much there is to do: so many runs, each of so many pods. */
export type Load = { readonly runs: number; readonly pods: number };

/** Pods of all runs together: with fewer, a thread has hardly begun when one has done it all. */
const WORTH_A_THREAD = 10_000;

/** What a run has in memory of each pod, and of everything else. */
const POD_BYTES = 20_000;
const RUN_BYTES = 100_000_000;

/** Most of what is made in a run is soon forgotten: with room for it, less of it is looked through. */
const YOUNG_MB = 32;

/** What threads have to share. */
export type Machine = { readonly processors: number; readonly memoryBytes: number };

/** How many threads are worth their start: one for each processor, as far as there is memory; or none, and this one does it all. */
export const threadsFor = ({ runs, pods }: Load, machine: Machine): number => {
  const room = Math.floor(machine.memoryBytes / 2 / (RUN_BYTES + pods * POD_BYTES));
  const threads = Math.min(machine.processors, room, runs, Math.floor((runs * pods) / WORTH_A_THREAD));
  return threads < 2 ? 0 : threads;
};

export const openThreads = (load: Load, machine: Machine = thisMachine()): Threads => {
  const workers = Array.from({ length: threadsFor(load, machine) }, openThread);
  return {
    performers: workers.length > 0 ? workers.map(performerOn) : [rehearseRun],
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};

const thisMachine = (): Machine => ({ processors: availableParallelism(), memoryBytes: availableMemory() });

/** In the bundle, or as it was written. */
const THREAD = join(import.meta.dirname, `thread${extname(import.meta.filename)}`);

const openThread = (): Worker => new Worker(THREAD, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });

const performerOn =
  (worker: Worker): Performer =>
  async (...task) => {
    worker.postMessage(task);
    // Rejects where the thread has come to grief.
    const [answer]: readonly Answer[] = await once(worker, 'message');
    if (answer === undefined) throw new Error('a thread answered without an answer');
    if (answer.kind === 'refused') throw new RehearsalRefused(answer.findings);
    return answer.run;
  };
