import type { Scenario } from '../cluster/virtual/scenario.ts';
import { parseDocument } from '../spec/document.ts';
import { type Finding, specErrorOf } from '../spec/finding.ts';
import { findingsOf } from '../spec/issue.ts';
import { nearest } from '../spec/nearest.ts';
import type { SpecSource } from '../spec/parse.ts';
import { isMapping, readingOf } from '../spec/reading.ts';
import type { SpecError } from '../spec/spec-error.ts';
import { judgeText, withoutByteOrderMark } from '../spec/text.ts';
import { scenarioOf } from './build.ts';
import { placesOf } from './places.ts';
import { brokenRules } from './rules.ts';
import { API_VERSION, KIND, schema } from './schema.ts';
import { schemaFor } from './schema-for.ts';

/** The scenario that a file gives. Throws SpecError, which has every problem with its line and column. */
export const parseScenario = (source: SpecSource): Scenario => {
  const text = withoutByteOrderMark(source.text);
  const refused = (findings: readonly Finding[]): SpecError => specErrorOf(source.file, text, findings);

  const unfit = judgeText(text);
  if (unfit !== undefined) throw refused([unfit]);
  const document = parseDocument(text);
  if ('unreadable' in document) throw refused(document.unreadable);

  const { contents } = document;
  const reading = { ...readingOf(contents), place: placesOf(contents, contents.range[0]) };
  const checked = schema.safeParse(reading.value, { reportInput: true });
  const issues = checked.success ? [] : findingsOf(checked.error.issues, schemaFor(schema, reading.value), reading);
  const single = [...reading.findings, ...issues];
  // A file that is something else is not told of every field that it has and should not have.
  const findings = isForeign(reading.value)
    ? single.filter(({ field }) => field === 'apiVersion' || field === 'kind')
    : [...single, ...brokenRules(reading, single)];
  if (findings.length > 0) throw refused(findings);
  if (!checked.success) throw new Error(`issues without a finding: ${JSON.stringify(checked.error.issues)}`);
  return scenarioOf(checked.data);
};

const isForeign = (file: unknown): boolean =>
  isMapping(file) && (isOther(file['apiVersion'], API_VERSION) || isOther(file['kind'], KIND));

const isOther = (word: unknown, known: string): boolean =>
  typeof word === 'string' && word !== known && nearest(word, [known]) === undefined;
