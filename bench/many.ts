/**
 * Many upgrades in one process: 1, 10 and 100 of four replicas on a real control plane with fake machines, and up to 1000 on
 * the virtual cluster, which is part of that process. `node bench/many.ts [-o json] [--plane 1,10,100] [--virtual 1,10,100,1000]`,
 * after `npm run build`.
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { measureOnPlane, type OnPlane } from './many-plane.ts';
import { measureOnVirtual, type OnVirtual } from './many-virtual.ts';
import type { Spread } from './reaction.ts';

const GOALS = { p50OverStatusMs: 10, p99Ms: 50, p99TimesOne: 2, residentMb: 300 };

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o' },
    plane: { type: 'string', default: '1,10,100' },
    virtual: { type: 'string', default: '1,10,100,1000' },
    /** In a process of its own: what that takes is measured. */
    only: { type: 'string' },
  },
});

const countsOf = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number);

const execute = promisify(execFile);

const inItsOwnProcess = async (upgrades: number): Promise<OnVirtual> => {
  const { stdout } = await execute(process.execPath, [import.meta.filename, '--only', String(upgrades)]);
  const measured: OnVirtual = JSON.parse(stdout);
  return measured;
};

const write = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const tellVirtual = ({ upgrades, tookMs, usage }: OnVirtual): void =>
  write(
    `${String(upgrades).padStart(5)}: ${(tookMs / 1000).toFixed(1)} s, ${(usage.cpuMs / upgrades).toFixed(0)} ms of CPU each, ${usage.residentMb.toFixed(0)} MB (goal: < ${GOALS.residentMb})`,
  );

const msOf = ({ p50, p99 }: Spread): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

const tellPlane = ({ upgrades, reactions, reactionMs, statusLagMs, usage, perReplica }: OnPlane): void => {
  const requests = Object.entries(perReplica).filter(([, count]) => count >= 0.5);
  const p50Goal = (statusLagMs.p50 + GOALS.p50OverStatusMs).toFixed(1);
  write(
    `${String(upgrades).padStart(5)}: from a replica that is due to its write: ${msOf(reactionMs)}, of ${reactions}\n` +
      `       (goals: p50 <= ${p50Goal} ms, p99 <= ${GOALS.p99Ms} ms and within ${GOALS.p99TimesOne} times that of one)\n` +
      `       from a ready pod to the status of the Deployment: ${msOf(statusLagMs)}\n` +
      `       ${(usage.cpuMs / upgrades).toFixed(0)} ms of CPU each (goal: falling), ${usage.residentMb.toFixed(0)} MB (goal: < ${GOALS.residentMb})\n` +
      `       requests for each replica: ${requests.map(([what, count]) => `${what} ${count.toFixed(2)}`).join(', ')}`,
  );
};

const report = async (): Promise<void> => {
  const onVirtual: OnVirtual[] = [];
  for (const count of countsOf(values.virtual)) onVirtual.push(await inItsOwnProcess(count));
  const onPlane = countsOf(values.plane).length === 0 ? [] : await measureOnPlane(countsOf(values.plane));
  if (values.output === 'json') return write(JSON.stringify({ goals: GOALS, onPlane, onVirtual }, undefined, 2));
  write('upgrades of 4 + 4 replicas in one process, on the virtual cluster (in the same process)\n');
  for (const measured of onVirtual) tellVirtual(measured);
  write('\nthe same on a real control plane with fake machines\n');
  for (const measured of onPlane) tellPlane(measured);
};

if (values.only === undefined) await report();
else process.stdout.write(JSON.stringify(await measureOnVirtual(Number(values.only))));
