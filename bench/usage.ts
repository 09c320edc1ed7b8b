/** `node --import bench/usage.ts …`: writes what the process took, as it ends, to the file that BENCH_USAGE names. */
import { writeFileSync } from 'node:fs';

export type Usage = { readonly residentMb: number; readonly cpuMs: number };

export const usage = (): Usage => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return { residentMb: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 };
};

const file = process.env['BENCH_USAGE'];
if (file !== undefined) process.on('exit', () => writeFileSync(file, JSON.stringify(usage())));
