/** `npm run bench`: all benchmarks, one after the other, each with its goal beside what it measured; as JSON with `-o json`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHMARKS = ['startup', 'rehearsal', 'makespan', 'plane', 'many', 'causes'];

for (const name of BENCHMARKS) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
