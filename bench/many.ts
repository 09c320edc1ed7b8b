/**
 * Many upgrades in one process: 1, 10 and 100 of four replicas on a real control plane with fake machines, and up to 1000 on
 * the virtual cluster, which is part of that process. `node bench/many.ts [--json FILE] [--plane 1,10,100] [--virtual 1,10,100,1000]`,
 * after `npm run build`.
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { measureOnPlane, type OnPlane } from './many-plane.ts';
import { measureOnVirtual, type OnVirtual } from './many-virtual.ts';
import { reactionFigures } from './reaction.ts';
import { type Figure, JSON_FILE, report } from './report.ts';

const P99_TIMES_ONE = 2;
const RESIDENT_MB = 300;
/** It falls, or stays as it is within a twentieth, by which two runs differ. */
const CPU_TIMES_FEWER = 1.05;

const { values } = parseArgs({
  options: {
    ...JSON_FILE,
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

type Measured = OnVirtual | OnPlane;

const cpuOf = ({ upgrades, usage }: Measured): number => usage.cpuMs / upgrades;

/** What each took; and over that, what each of the next fewer did. */
const cpuFigures = (what: string, measured: Measured, all: readonly Measured[]): readonly Figure[] => {
  const fewer = all
    .filter(({ upgrades }) => upgrades < measured.upgrades)
    .toSorted((a, b) => b.upgrades - a.upgrades)
    .at(0);
  const figure = { what: `${what}: CPU for each`, measured: cpuOf(measured), unit: 'ms' };
  if (fewer === undefined) return [figure];
  const over = `${what}: CPU for each, over that of ${fewer.upgrades}`;
  return [figure, { what: over, measured: cpuOf(measured) / cpuOf(fewer), goal: CPU_TIMES_FEWER }];
};

const virtualFigures = (measured: OnVirtual, _: number, all: readonly OnVirtual[]): readonly Figure[] => {
  const { upgrades, usage } = measured;
  const what = `${upgrades} on the virtual cluster`;
  return [
    ...cpuFigures(what, measured, all),
    { what: `${what}: resident memory, with the cluster's`, measured: usage.residentMb, unit: 'MB' },
  ];
};

const planeFigures = (measured: OnPlane, _: number, all: readonly OnPlane[]): readonly Figure[] => {
  const { upgrades, reactionMs, statusLagMs, usage, perReplica } = measured;
  const what = `${upgrades} on a real control plane`;
  const one = all.find((each) => each.upgrades === 1);
  const timesOne =
    one === undefined || one === measured
      ? []
      : [{ what: `${what}: p99 over that of one`, measured: reactionMs.p99 / one.reactionMs.p99, goal: P99_TIMES_ONE }];
  return [
    ...reactionFigures(what, reactionMs, statusLagMs),
    ...timesOne,
    ...cpuFigures(what, measured, all),
    { what: `${what}: resident memory`, measured: usage.residentMb, unit: 'MB', goal: RESIDENT_MB },
    ...Object.entries(perReplica)
      .filter(([, count]) => count >= 0.5)
      .map(([request, count]) => ({ what: `${what}: ${request}, for each replica`, measured: count })),
  ];
};

const measureAll = async (): Promise<void> => {
  const onVirtual: OnVirtual[] = [];
  for (const count of countsOf(values.virtual)) onVirtual.push(await inItsOwnProcess(count));
  const onPlane = countsOf(values.plane).length === 0 ? [] : await measureOnPlane(countsOf(values.plane));
  const title = 'upgrades of 4 + 4 replicas in one process';
  const figures = [...onVirtual.flatMap(virtualFigures), ...onPlane.flatMap(planeFigures)];
  report({ title, figures, details: { onVirtual, onPlane } }, values.json);
};

if (values.only === undefined) await measureAll();
else process.stdout.write(JSON.stringify(await measureOnVirtual(Number(values.only))));
