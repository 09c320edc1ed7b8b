/**
 * `npm run bench [-- --json FILE] [NAME…]`: all benchmarks, or those that are named, one after the other, each figure with its
 * goal beside it; then which goals were missed. What was found is written as JSON, too, with the machine: into
 * `bench-results.json` unless told.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fromJson } from '../test/cluster/json.ts';
import { type Findings, isMissed, rowsOf } from './report.ts';

const BENCHMARKS = ['startup', 'rehearsal', 'makespan', 'plane', 'many', 'causes'];

const { values, positionals } = parseArgs({
  options: { json: { type: 'string', default: 'bench-results.json' } },
  allowPositionals: true,
});

const write = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Undefined where it failed, which it has said itself. */
const run = (name: string, folder: string): Findings | undefined => {
  const file = join(folder, `${name}.json`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), '--json', file], {
    stdio: 'inherit',
  });
  return status === 0 ? fromJson<Findings>(readFileSync(file, 'utf8')) : undefined;
};

const machine = {
  node: process.version,
  processors: availableParallelism(),
  model: cpus()[0]?.model,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  date: new Date().toISOString(),
};

const chosen = positionals.length === 0 ? BENCHMARKS : positionals;
const unknown = chosen.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${BENCHMARKS.join(', ')}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'dupgrade-bench-'));
try {
  const found: Record<string, Findings> = {};
  for (const name of chosen) {
    write(`\n== ${name}`);
    const findings = run(name, folder);
    if (findings !== undefined) found[name] = findings;
  }
  writeFileSync(values.json, `${JSON.stringify({ machine, benchmarks: found }, undefined, 2)}\n`);
  const figures = Object.entries(found).flatMap(([name, findings]) =>
    findings.figures.map((figure) => ({ ...figure, what: `${name}: ${figure.what}` })),
  );
  const missed = figures.filter(isMissed);
  const goals = figures.filter(({ goal }) => goal !== undefined).length;
  write(`\n${goals - missed.length} of ${goals} goals are met; all of it is in ${values.json}`);
  for (const row of rowsOf(missed)) write(row);
  const failed = chosen.filter((name) => !(name in found));
  if (failed.length > 0) {
    write(`FAILED: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
