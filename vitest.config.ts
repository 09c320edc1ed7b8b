import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cluster/**', 'test/faults/**', 'test/browser/**', 'test/shells/**', 'test/structure.test.ts'],
          // Far more than they take: a busy machine is no failure.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'fuzz', include: ['test/**/*.fuzz.ts'], testTimeout: 3_600_000 } },
      { test: { name: 'shells', include: ['test/shells/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'structure', include: ['test/structure.test.ts'] } },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: ['test/cluster/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/cluster/global-setup.ts'],
          testTimeout: 4 * 3_600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
