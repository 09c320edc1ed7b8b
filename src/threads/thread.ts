import { parentPort } from 'node:worker_threads';
import { RehearsalRefused, rehearseRun } from '../rehearse/rehearse-run.ts';
import type { Answer, Task } from './message.ts';

/** What a thread does: each run that it is sent, one at a time. Anything but a refusal ends it, which is told to who opened it. */
const answer = async (task: Task): Promise<void> => {
  try {
    send({ kind: 'done', run: await rehearseRun(...task) });
  } catch (error) {
    if (!(error instanceof RehearsalRefused)) throw error;
    send({ kind: 'refused', findings: error.findings });
  }
};

const send = (message: Answer): void => parentPort?.postMessage(message);

parentPort?.on('message', (task: Task) => void answer(task));
