import { describe, expect, it } from 'vitest';
import { markupOf } from '../../src/output/pipeline/markup.ts';
import { openPipelineView } from '../../src/output/pipeline/pipeline-view.ts';
import { ciSystemOf } from '../../src/output/pipeline/system.ts';
import type { ViewContext } from '../../src/output/view.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { contextOf, EVENTS, fakeTerminal, OUTCOMES, SUMMARY } from './samples.ts';

const shown = (
  system: 'github' | 'gitlab',
  events: readonly UpgradeEvent[] = RUN,
  wishes: Partial<ViewContext> = {},
): { readonly lines: readonly string[]; readonly summaries: readonly string[] } => {
  const terminal = fakeTerminal();
  const summaries: string[] = [];
  const context = contextOf(terminal, { summarize: (markdown) => summaries.push(markdown), ...wishes });
  const view = openPipelineView(context, markupOf(system));
  for (const event of events) view.show(event);
  view.close();
  return { lines: terminal.written().split('\n').slice(0, -1), summaries };
};

describe('the system that a pipeline is of', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true', CI: 'true' }, 'github'],
    [{ GITLAB_CI: 'true', CI: 'true' }, 'gitlab'],
    [{ CI: 'true' }, 'none'],
    [{ GITHUB_ACTIONS: 'false' }, 'none'],
    [{}, 'none'],
  ])('%j is %s', (env, system) => {
    expect(ciSystemOf(env)).toBe(system);
  });
});

describe('the log of GitHub Actions', () => {
  it('has a group for each leg, and the end outside of them', () => {
    const { lines } = shown('github');
    expect(lines.filter((line) => line.startsWith('::group') || line.startsWith('::endgroup'))).toEqual([
      '::group::main 30 → 0, grey 0 → 30',
      '::endgroup::',
      '::group::main stays at 28, grey 5 → 3',
      '::endgroup::',
      '::group::main 28 → 0, grey 3 → 30',
      '::endgroup::',
      '::group::main 27 → 0, grey 3 → 30',
      '::endgroup::',
      '::group::main 0 → 30, grey 30 → 0',
      '::endgroup::',
    ]);
    expect(lines.slice(lines.lastIndexOf('::endgroup::') + 1).map((line) => line.slice(0, 30))).toEqual([
      '2026-11-23T10:12:40Z so far: m',
      '2026-11-23T10:12:40Z rolled ba',
      '::warning title=llama-v2 in se',
    ]);
  });

  it('shows warnings and the end beside the log', () => {
    const { lines } = shown('github');
    expect(lines).toContain('::warning title=llama-v2 in serving::a watch fell silent and was begun anew');
    expect(lines.at(-1)).toBe(
      '::warning title=llama-v2 in serving::rolled back (exit code 6): both sides are back at their counts before the start',
    );
  });

  it.each([
    ['reached', 0, 'notice'],
    ['stuck', 5, 'error'],
    ['denied', 7, 'error'],
    ['held', 4, 'warning'],
  ] as const)('%s with exit code %i is told as %s', (kind, exitCode, annotated) => {
    const { lines } = shown('github', [{ ...EVENTS.ended, outcome: OUTCOMES[kind], exitCode, summary: SUMMARY }]);
    expect(lines.at(-1)).toMatch(new RegExp(`^::${annotated} title=llama-v2 in serving::`));
  });

  it('takes nothing that others wrote for a command', () => {
    const message = '100% of it\r\n::error::not yours';
    const note: UpgradeEvent = { ...EVENTS.note, message };
    const { lines } = shown('github', [note]);
    for (const line of lines) expect(line).not.toMatch(/^::error/);
    expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(1);
    const hostile = shown('github', [note], { upgrade: { name: 'a,b:c', namespace: 'x%0Ay' } });
    expect(hostile.lines.at(-1)).toContain('title=a%2Cb%3Ac in x%250Ay::');
  });

  it('closes what is open when a run is cut off', () => {
    const { lines } = shown('github', RUN.slice(0, 3));
    expect(lines.at(-1)).toBe('::endgroup::');
  });

  it('is lines and the end only with -q', () => {
    const { lines } = shown('github', RUN, { quiet: true });
    expect(lines.some((line) => line.startsWith('::group'))).toBe(false);
    expect(lines.at(-1)).toMatch(/^::warning/);
  });
});

describe('the log of GitLab', () => {
  it('has a section for each leg, each with a name of its own', () => {
    const { lines } = shown('gitlab');
    const sections = lines.filter((line) => line.includes('section_'));
    expect(sections[0]).toBe('\u001b[0Ksection_start:1795428000:dupgrade_1\r\u001b[0Kmain 30 → 0, grey 0 → 30');
    expect(sections[1]?.replace(/\d{10}/, 'TIME')).toBe('\u001b[0Ksection_end:TIME:dupgrade_1\r\u001b[0K');
    const [starts, ends] = ['section_start', 'section_end'].map((word) =>
      sections.filter((line) => line.includes(word)).map((line) => /dupgrade_\d+/.exec(line)?.[0]),
    );
    expect(starts).toEqual(ends);
    expect(new Set(starts).size).toBe(5);
    expect(lines.join('\n')).not.toContain('::');
  });
});

describe('the summary of a step', () => {
  it('has how it ended, the pods over time, and what to do now', () => {
    const stuck: UpgradeEvent = { ...EVENTS.ended, at: (RUN.at(-1)?.at ?? 0) + 1000 };
    const [summary = ''] = shown('github', [...RUN.slice(0, 12), stuck]).summaries;
    expect(summary).toMatch(/^## llama-v2 in serving: stuck \(unschedulable, exit code 5\)\n/);
    expect(summary).toContain('- 2 grey pods cannot be scheduled');
    expect(summary).toMatch(/```text\n.*\n.*█+.*\n[^]*main ready[^]*```/);
    expect(summary).toContain('```sh\ndupgrade resume llama-v2 -n serving  # go on\n');
  });

  it('does not take for markup what others wrote', () => {
    const causes = [
      { reason: 'image', side: 'grey', pods: 1, example: 'p', message: '<img src=x> `a` [b](c) | *d*' },
    ] as const;
    const outcome = { kind: 'stuck', reason: 'image', idleMs: 1000, causes } as const;
    const [summary = ''] = shown('github', [{ ...EVENTS.ended, outcome }]).summaries;
    expect(summary).toContain('\\<img src=x\\> \\`a\\` \\[b\\](c) \\| \\*d\\*');
  });

  it('is of one run however long it was', () => {
    const events = Array.from(
      { length: 20_000 },
      (_, i): UpgradeEvent => ({ ...EVENTS.observed, at: EVENTS.observed.at + i * 1000 }),
    );
    const [summary = ''] = shown('github', [
      EVENTS.started,
      ...events,
      { ...EVENTS.ended, at: EVENTS.observed.at + 20_000_000 },
    ]).summaries;
    expect(summary).toContain('5h33m');
    expect(summary.length).toBeLessThan(5000);
  });
});
