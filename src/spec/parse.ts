import type { UpgradeSpec } from '../upgrade/spec.ts';
import { parseDocument } from './document.ts';
import { type Finding, specErrorOf } from './finding.ts';
import type { Paths } from './format.ts';
import { formatFor, isForeign } from './formats.ts';
import { findingsOf } from './issue.ts';
import { type Reading, readingOf } from './reading.ts';
import { brokenRules, type SpecDefaults } from './rules.ts';
import type { SpecError } from './spec-error.ts';
import { judgeText, withoutByteOrderMark } from './text.ts';

export type { SpecDefaults } from './rules.ts';

/** The text of a spec file; `file` is its name as messages are to show it. */
export type SpecSource = { readonly file: string; readonly text: string };

/** A spec file, what it asks for, and where it says so. */
export type SpecFile = {
  readonly source: SpecSource;
  readonly spec: UpgradeSpec;
  /** What the places of the reading count from. */
  readonly text: string;
  readonly reading: Reading;
  readonly paths: Paths;
};

/** The spec that a file gives, in dupgrade's own format or the original operator's. Throws SpecError. */
export const parseSpec = (source: SpecSource, defaults: SpecDefaults): UpgradeSpec => readSpec(source, defaults).spec;

/** The same with the places in the file. Throws SpecError. */
export const readSpec = (source: SpecSource, defaults: SpecDefaults): SpecFile => {
  const text = withoutByteOrderMark(source.text);
  const refused = (findings: readonly Finding[]): SpecError => specErrorOf(source.file, text, findings);

  const unfit = judgeText(text);
  if (unfit !== undefined) throw refused([unfit]);
  const document = parseDocument(text);
  if ('unreadable' in document) throw refused(document.unreadable);

  const reading = readingOf(document.contents);
  const format = formatFor(reading.value);
  const checked = format.check(reading.value, defaults.explicitNamespace ?? defaults.namespace);

  const issues = 'issues' in checked ? findingsOf(checked.issues, format.schema, reading) : [];
  const single = [...reading.findings, ...issues];
  // A file that is something else is not told of every field that it has and should not have.
  const findings = isForeign(reading.value)
    ? single.filter(({ field }) => field === 'apiVersion' || field === 'kind')
    : [...single, ...brokenRules(reading, format.paths, defaults, single)];
  if (findings.length > 0) throw refused(findings);
  if ('issues' in checked) throw new Error(`issues without a finding: ${JSON.stringify(checked.issues)}`);
  return { source, text, spec: checked.spec, reading, paths: format.paths };
};
