import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessNeeded, nameOf, rulesByNamespace } from '../src/drive/rights.ts';
import { rolesFor } from '../src/drive/roles.ts';
import { EXIT_CODES } from '../src/output/exit-codes.ts';
import { renderManifests } from '../src/output/manifests-text.ts';
import { REASON_TEXTS } from '../src/output/reason-text.ts';
import { parseSpec } from '../src/spec/parse.ts';
import { type Command, obey } from '../src/upgrade/command.ts';
import { POD_REASONS } from '../src/upgrade/health.ts';
import type { UpgradeRecord } from '../src/upgrade/record.ts';
import { perSide } from '../src/upgrade/side.ts';
import { recordOf } from './support/record.ts';

const ROOT = join(import.meta.dirname, '..');
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** The rows of the table that begins with a title row, as cells. */
const tableOf = (text: string, title: string): string[][] => {
  const lines = text.slice(text.indexOf(`| ${title} |`)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

describe.each(['README.md', 'ARCHITECTURE.md'])('%s', (name) => {
  it('has the exit codes of the program', () => {
    expect(tableOf(page(name), 'code | meaning')).toEqual(
      EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]),
    );
  });
});

describe.each([
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/json-output.md',
  'docs/performance.md',
])('%s', (name) => {
  it('links to pages that exist', () => {
    const links = [...page(name).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(name), link)))).toEqual([]);
  });
});

describe('the table of reasons', () => {
  it('has every reason that is about pods, with its meaning and what to do', () => {
    const rows = tableOf(page('README.md'), 'reason | meaning | what to do | fails fast');
    expect(rows.map(([reason, meaning]) => [reason, meaning])).toEqual(
      POD_REASONS.map((reason) => [`\`${reason}\``, REASON_TEXTS[reason]]),
    );
    for (const [, , advice, failsFast] of rows) expect([advice, failsFast]).not.toContain('');
  });
});

describe('README.md', () => {
  it('shows a spec file that is one', () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
    const spec = parseSpec({ file: 'README.md', text }, { namespace: 'default' });
    expect(spec).toMatchObject({
      name: 'llama-v2',
      targets: { main: 0, grey: 30 },
      limits: { minReady: 28, maxPods: 33 },
    });
  });
});

describe('ARCHITECTURE.md', () => {
  const author = { by: 'bob', at: '2026-11-23T11:00:00.000Z' };
  const commands: Record<string, Command> = {
    pause: { verb: 'pause' },
    resume: { verb: 'resume', keepTargets: false },
    'set-target': { verb: 'set-target', targets: { main: 15 }, way: {} },
    abort: { verb: 'abort' },
    rollback: { verb: 'rollback', way: {} },
  };
  const after = (verb: string, record = recordOf()): UpgradeRecord => {
    const command = commands[verb];
    const verdict = command && obey(record, command, author);
    return verdict?.kind === 'changed' ? verdict.record : record;
  };
  const states: Record<string, UpgradeRecord> = {
    running: recordOf(),
    stuck: recordOf({ lastRun: { at: author.at, by: 'bob', outcome: 'stuck', reason: 'image' } }),
    paused: after('pause'),
    held: obeyed({ main: 20, grey: 10 }),
    'going back': after('rollback'),
    completed: recordOf({ phase: 'completed' }),
    'rolled back': recordOf({ phase: 'rolled-back' }),
    aborted: after('abort'),
  };
  const WORDS = { changed: 'changed', unchanged: 'nothing to do', refused: 'refused' };

  function obeyed(targets: { main: number; grey: number }): UpgradeRecord {
    const verdict = obey(recordOf(), { verb: 'set-target', targets, way: {} }, author);
    return verdict.kind === 'changed' ? verdict.record : recordOf();
  }

  it('has the answers of every command in every state', () => {
    const expected = Object.entries(states).map(([state, record]) => [
      state,
      ...Object.values(commands).map((command) => WORDS[obey(record, command, author).kind]),
    ]);
    const [none, ...rows] = tableOf(page('ARCHITECTURE.md'), 'state | pause | resume | set-target | abort | rollback');
    expect(rows).toEqual(expected);
    expect(none).toEqual(['none', ...Object.keys(commands).map(() => 'refused')]);
  });
});

describe('examples/rbac.yaml', () => {
  it('is what `dupgrade rbac` prints', async () => {
    const subject = { kind: 'ServiceAccount', namespace: 'serving', name: 'dupgrade' } as const;
    const deployments = perSide((side) => ({ namespace: 'serving', name: side }));
    const printed = await renderManifests(rolesFor({ deployments }, [subject], { clusterCapacity: false }), 'yaml');
    expect(page('examples/rbac.yaml').replaceAll(/^#.*\n/gm, '')).toBe(printed);
  });

  it('grants all that a command asks for, and the Events, and nothing else', () => {
    const rules = [...rulesByNamespace(recordOf().spec).values()].flat();
    const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
      verbs.map((verb) => `${verb} ${apiGroups[0]}/${resources[0]}`),
    );
    const purposes = ['drive', 'steer', 'follow', 'announce', 'check', 'inquire', 'notice'] as const;
    const needed = purposes.flatMap((purpose) =>
      accessNeeded(recordOf().spec, purpose).map((access) => `${access.verb} ${access.group}/${nameOf(access)}`),
    );
    expect(new Set(granted)).toEqual(new Set(needed));
    expect(granted).toHaveLength(new Set(granted).size);
  });
});

it('docs/reference.md, and so the help, has no value in it that only a program can read', () => {
  expect(page('docs/reference.md')).not.toMatch(/default: [[{]/);
});

it('docs/picture.ts puts each word at its column, whatever a browser makes of spaces', () => {
  const shown = '\u001B[36m  main\u001B[39m  asked  9   ready\n';
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'docs/picture.ts')], { input: shown, encoding: 'utf8' });
  const places = [...stdout.matchAll(/<tspan x="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, word]) => [word, Number(x)]);
  const at = (column: number): number => expect.closeTo(16 + 8.4 * column, 1);
  expect(places).toEqual([
    ['main', at(2)],
    ['asked', at(8)],
    ['9', at(15)],
    ['ready', at(19)],
  ]);
});
