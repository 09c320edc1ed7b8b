/**
 * The directions of imports, and what may be named where: ARCHITECTURE.md says why. Read from the source, so that a
 * type import counts as much as any other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** What each room may import: rooms by name, a package by name, `node:` for Node's own modules. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/upgrade': [],
  'src/spec': ['src/upgrade', 'yaml', 'zod'],
  'src/cluster/port.ts': [],
  'src/cluster/quantity.ts': [],
  'src/cluster/fresh.ts': [],
  'src/cluster/kubernetes': [
    'src/cluster/port.ts',
    'src/cluster/fresh.ts',
    '@kubernetes/client-node',
    'undici',
    'yaml',
    'node:',
  ],
  'src/cluster/virtual': [
    'src/cluster/port.ts',
    'src/cluster/quantity.ts',
    'src/upgrade',
    'node:process',
    'node:buffer',
  ],
  'src/scenario': ['src/spec', 'src/cluster/port.ts', 'src/cluster/quantity.ts', 'src/cluster/virtual', 'yaml', 'zod'],
  'src/sandbox': ['src/cluster/virtual', 'src/cluster/port.ts', 'node:'],
  'src/drive': ['src/upgrade', 'src/cluster/port.ts', 'src/cluster/quantity.ts', 'src/cluster/fresh.ts', 'zod'],
  'src/rehearse': ['src/upgrade', 'src/spec', 'src/cluster/port.ts', 'src/cluster/virtual', 'src/drive'],
  'src/threads': ['src/rehearse', 'src/upgrade', 'node:'],
  'src/output': ['src/upgrade', 'ora', 'chalk', 'yaml', 'zod', 'node:stream'],
  'src/cli': [
    'src/upgrade',
    'src/spec',
    'src/scenario',
    'src/sandbox',
    'src/rehearse',
    'src/threads',
    'src/cluster/port.ts',
    'src/drive',
    'src/output',
    'commander',
  ],
  'src/keyboard.ts': [],
  'src/main.ts': [
    'src/cli',
    'src/keyboard.ts',
    'src/sandbox',
    'src/threads',
    'src/cluster',
    'src/drive',
    'src/output',
    'node:',
  ],
};

/** Names of the world outside, and the rooms that may use them. */
const OUTSIDE: readonly { readonly names: RegExp; readonly rooms: readonly string[] }[] = [
  { names: /\bprocess\b/, rooms: ['src/main.ts'] },
  { names: /\bconsole\s*\./, rooms: [] },
  {
    names:
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/,
    rooms: ['src/main.ts', 'src/cluster/kubernetes', 'src/cluster/virtual'],
  },
];

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file).replaceAll(sep, '/'));

const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS)
    .toSorted((a, b) => b.length - a.length)
    .find((room) => path === room || path.startsWith(`${room}/`));

const source = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const IMPORTS = [/^(?:import|export)\b[^;']*\bfrom '([^']+)'/gm, /^import '([^']+)'/gm, /\bimport\('([^']+)'\)/g];

const importsOf = (file: string): readonly string[] =>
  IMPORTS.flatMap((pattern) => [...source(file).matchAll(pattern)]).map(([, specifier = '']) =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)).replaceAll(sep, '/') : specifier,
  );

/** Without comments and without the texts of strings and templates, which may speak of anything. */
const codeOf = (file: string): string =>
  source(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/^\s*\/\/.*$|\s\/\/.*$/gm, '')
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^{}]*\})*`/g, (template) =>
      [...template.matchAll(/\$\{([^{}]*)\}/g)].map(([, code]) => code).join(' '),
    );

const mayImport = (room: string, imported: string): boolean => {
  if (imported === room || imported.startsWith(`${room}/`)) return true;
  return (ROOMS[room] ?? []).some(
    (allowed) => imported === allowed || imported.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`),
  );
};

describe('structure', () => {
  it('every source file has a room', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it.each(Object.keys(ROOMS))('%s imports only what it may', (room) => {
    const own = files.filter((file) => roomOf(file) === room);
    expect(own).not.toEqual([]);
    const wrong = own.flatMap((file) =>
      importsOf(file)
        .filter((each) => !mayImport(room, each))
        .map((each) => `${file} imports ${each}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(OUTSIDE)('$names is named in $rooms only', ({ names, rooms }) => {
    const wrong = files.filter(
      (file) => !rooms.some((room) => file === room || file.startsWith(`${room}/`)) && names.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('no file has a default export, and none only passes on what others export', () => {
    expect(
      files.filter((file) => /^export default|^export \* from|^export \{[^}]*\} from/m.test(source(file))),
    ).toEqual([]);
  });
});
