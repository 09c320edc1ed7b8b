/**
 * How long the program takes to start, as a multiple of `node -e 0` of the same Node: whole processes, one of each in every
 * round, so that what else the machine does falls on all alike; the median of the rounds, the first left out.
 *
 *     node bench/startup.ts [ROUNDS] [--json]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

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

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 20);
const times = MEASURED.map((): number[] => []);
for (let round = 0; round <= rounds; round += 1) {
  MEASURED.forEach(({ args }, i) => {
    const ms = millisecondsOf(args);
    if (round > 0) times[i]?.push(ms);
  });
}
const medians = times.map(median);
const bare = medians[0] ?? Number.NaN;
const results = MEASURED.map(({ what, goal }, i) => {
  const ms = medians[i] ?? Number.NaN;
  return {
    what,
    medianMs: Math.round(ms * 10) / 10,
    ratio: Math.round((ms / bare) * 100) / 100,
    ...(goal && { goal }),
  };
});

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ node: process.version, rounds, results }, null, 2)}\n`);
} else {
  process.stdout.write(`${rounds} rounds, Node ${process.version}\n`);
  for (const { what, medianMs, ratio, goal } of results) {
    const aim = goal === undefined ? '' : `  goal ${goal}`;
    process.stdout.write(
      `${what.padEnd(22)}${medianMs.toFixed(1).padStart(8)} ms${ratio.toFixed(2).padStart(8)}${aim}\n`,
    );
  }
}
