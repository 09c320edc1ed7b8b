import { type CheckReport, type Finding, type Level, REQUIRED } from '../upgrade/finding.ts';
import { findingText } from './finding-text.ts';
import { wrapped } from './line.ts';
import type { Addressee } from './next-step.ts';
import { paletteOf, type Style } from './palette.ts';
import { printableValue } from './printable.ts';
import { countText, type Program } from './wording.ts';

export type CheckFrame = { readonly program: Program; readonly color: boolean; readonly columns: number };

const LEVELS: Readonly<Record<Level, { readonly word: string; readonly style: Style }>> = {
  ok: { word: 'ok', style: 'good' },
  note: { word: 'note', style: 'accent' },
  unknown: { word: 'unknown', style: 'dim' },
  warning: { word: 'warning', style: 'warn' },
  refusal: { word: 'REFUSAL', style: 'bad' },
};

const LEVEL_WIDTH = 10;
const NAME_WIDTH = 16;
const NARROWEST_TEXT = 30;

/** What `dupgrade check` prints: a row for each finding, and what it comes to. */
export const renderCheck = (given: CheckReport, frame: CheckFrame): string => {
  const report = printableValue(given);
  const palette = paletteOf(frame.color);
  const to = addresseeOf(report, frame.program);
  const indent = LEVEL_WIDTH + NAME_WIDTH;
  const rows = report.findings.map((finding) => {
    const { word, style } = LEVELS[finding.level];
    const lines = wrapped(findingText(finding, to), Math.max(NARROWEST_TEXT, frame.columns - indent));
    return `${palette[style](word.padEnd(LEVEL_WIDTH))}${finding.name.padEnd(NAME_WIDTH)}${lines.join(`\n${' '.repeat(indent)}`)}\n`;
  });
  return `${rows.join('')}\n${endingText(report, to)}\n`;
};

const endingText = ({ verdict, strict, skipped, findings }: CheckReport, { program, upgrade }: Addressee): string => {
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const counted = [
    ...(count('refusal') > 0 ? [countText(count('refusal'), 'refusal')] : []),
    ...(count('warning') > 0 ? [countText(count('warning'), 'warning')] : []),
  ].join(', ');
  const left = skipped.length > 0 ? `; skipped: ${skipped.join(', ')}` : '';
  const may = `${program} start may begin ${upgrade.name}`;
  if (verdict === 'ok') return `Nothing speaks against it: ${may}${left}.`;
  if (verdict === 'warnings') return `${counted}: ${may}${left}.`;
  const others = findings.filter(({ level, name }) => refuses(level, strict) && !REQUIRED.has(name));
  const ways = [...new Set(others.map(({ name }) => `--skip-check ${name}`))].join(' ');
  const bySkipping = ways === '' ? '' : `; where you know better: ${ways}`;
  return `${counted}: ${program} start${strict ? ' --strict' : ''} would refuse ${upgrade.name}${bySkipping}${left}.`;
};

const refuses = (level: Level, strict: boolean): boolean => level === 'refusal' || (strict && level === 'warning');

/** The report for programs: the facts, and each in words. */
export const checkData = (report: CheckReport, program: Program): object => ({
  ...report,
  findings: report.findings.map((finding) => ({
    ...finding,
    message: findingText(finding, addresseeOf(report, program)),
  })),
});

const addresseeOf = ({ name, namespace }: CheckReport, program: Program): Addressee => ({
  program,
  upgrade: { name, namespace },
});

/** Why `start` refuses, a line for each reason, and how to leave out what may be left out. */
export const refusedStartText = (findings: readonly Finding[], to: Addressee): string => {
  const lines = findings.map((finding) => `  ${warningText(finding, to)}`);
  const skippable = [...new Set(findings.filter(({ name }) => !REQUIRED.has(name)).map(({ name }) => name))];
  const hint =
    skippable.length === 0
      ? []
      : [`Where you know better: ${skippable.map((name) => `--skip-check ${name}`).join(' ')}`];
  return [`${to.upgrade.name} was not started, and nothing was touched:`, ...lines, ...hint].join('\n');
};

/** A finding on one line; those that can be skipped by name. */
export const warningText = (finding: Finding, to: Addressee): string => {
  const text = findingText(finding, to);
  return REQUIRED.has(finding.name) ? text : `${finding.name}: ${text}`;
};
