/**
 * How long the program takes to start, as a multiple of `node -e 0` of the same Node: whole processes, one of each in every
 * round, so that what else the machine does falls on all alike; the median of the rounds, the first left out.
 *
 *     node bench/startup.ts [--rounds N] [--json FILE]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { JSON_FILE, report } from './report.ts';

type Measured = { readonly what: string; readonly goal: number | undefined; readonly args: readonly string[] };

const PROGRAM = join(import.meta.dirname, '../bin/dupgrade.js');

const MEASURED: readonly Measured[] = [
  { what: 'node -e 0', goal: undefined, args: ['-e', '0'] },
  { what: '--help', goal: 1.7, args: [PROGRAM, '--help'] },
  { what: 'version --client', goal: 1.7, args: [PROGRAM, 'version', '--client'] },
  { what: 'completion bash', goal: 1.7, args: [PROGRAM, 'completion', 'bash'] },
  { what: 'complete (a tab key)', goal: 1.7, args: [PROGRAM, 'complete', '--', 'set-target', '--mode', ''] },
  // Without a cluster to ask it ends when everything that it needs is loaded.
  { what: 'status', goal: 4, args: [PROGRAM, 'status', '--kubeconfig', '/nonexistent'] },
];

const millisecondsOf = (args: readonly string[]): number => {
  const begin = performance.now();
  const { error } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (error !== undefined) throw error;
  return performance.now() - begin;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const { values } = parseArgs({ options: { ...JSON_FILE, rounds: { type: 'string', default: '20' } } });
const rounds = Number(values.rounds);
const times = MEASURED.map((): number[] => []);
for (let round = 0; round <= rounds; round += 1) {
  MEASURED.forEach(({ args }, i) => {
    const ms = millisecondsOf(args);
    if (round > 0) times[i]?.push(ms);
  });
}
const medians = times.map(median);
const bare = medians[0] ?? Number.NaN;
const figures = MEASURED.map(({ what, goal }, i) => ({
  what,
  measured: (medians[i] ?? Number.NaN) / bare,
  goal,
}));
const title = `multiples of a bare Node ${process.version}, which took ${bare.toFixed(0)} ms; ${rounds} rounds`;
report(
  { title, figures, details: { timesMs: Object.fromEntries(MEASURED.map(({ what }, i) => [what, times[i]])) } },
  values.json,
);
