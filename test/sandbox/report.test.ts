import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { UpgradeReport } from '../../src/upgrade/report.ts';
import { dupgrade, sandboxOf, specOf } from './given.ts';

const SPEC = specOf({ step: 3 });

describe('dupgrade report', { timeout: 60_000 }, () => {
  it('tells how an upgrade went, and lays its rehearsal beside it', async () => {
    const sandbox = await sandboxOf();
    const run = async (args: readonly string[], input = '') => {
      const cli = dupgrade(sandbox, args, input);
      const { code } = await cli.exit;
      return { code, stdout: cli.stdout, stderr: cli.stderr };
    };
    const folder = mkdtempSync(join(tmpdir(), 'dupgrade-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [html, rehearsal] = [join(folder, 'report.html'), join(folder, 'rehearsal.json')];

    const rehearsed = await run(['rehearse', '-', '--seeds', '2', '--ready-after', '25s', '-o', 'json'], SPEC);
    writeFileSync(rehearsal, rehearsed.stdout);
    expect(await run(['start', '-'], SPEC)).toMatchObject({ code: 0 });

    const named = ['report', 'model-v2', '-n', 'serving'];
    const report = JSON.parse((await run([...named, '-o', 'json'])).stdout) as UpgradeReport;
    expect(report).toMatchObject({
      state: 'completed',
      from: { main: 6, grey: 0 },
      to: { main: 0, grey: 6 },
      floor: 6,
    });
    expect(report.curve[0]).toMatchObject({ main: 6, grey: 0, ready: 6, pods: 6, gpus: 6 });
    expect(report.curve.at(-1)).toEqual({ atMs: report.durationMs, main: 0, grey: 6, ready: 6, pods: 6, gpus: 6 });
    expect(report.peakGpus).toBe(report.highestPods);
    const scaled = report.journal.filter(({ did }) => did === 'scaled');
    expect(scaled).toHaveLength(report.writes);

    // The namespace has this one only.
    const text = await run(['report', '-n', 'serving']);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('State:     completed\n');
    expect(text.stdout).toContain('grey 0 → 3');

    const paged = await run([...named, '--html', html, '--beside', rehearsal]);
    expect(paged).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(html, 'utf8')).toContain('aria-label="Pods over time, rehearsed"');
  });

  it('refuses what it cannot do, with the way out', async () => {
    const sandbox = await sandboxOf();
    const run = async (args: readonly string[], input = '') => {
      const cli = dupgrade(sandbox, ['report', '-n', 'serving', ...args], input);
      const { code } = await cli.exit;
      return { code, stderr: cli.stderr };
    };
    expect(await run(['--beside', 'x.json'])).toMatchObject({ code: 2, stderr: 'error: --beside goes with --html\n' });
    const wrong = await run(['--html', 'x.html', '--beside', '-'], '{}');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('<stdin>:1:1: ') });
    expect(await run(['other'])).toMatchObject({ code: 3 });
  });
});
