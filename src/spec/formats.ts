import { API_VERSIONS, type Format, KINDS } from './format.ts';
import { nearest } from './nearest.ts';
import { operatorFormat } from './operator-format.ts';
import { ownFormat } from './own-format.ts';
import { isMapping } from './reading.ts';

/** The format that a file names; where it names none that there is, the one that it looks like. */
export const formatFor = (file: unknown): Format => {
  const version = isMapping(file) ? file['apiVersion'] : undefined;
  const meant = typeof version === 'string' ? knownOrNearest(version, API_VERSIONS) : undefined;
  const named = [ownFormat, operatorFormat].find(({ apiVersion }) => apiVersion === meant);
  return named ?? (looksLikeOperators(file) ? operatorFormat : ownFormat);
};

const looksLikeOperators = (file: unknown): boolean => {
  const spec = isMapping(file) ? file['spec'] : undefined;
  return isMapping(spec) && ('originDeployName' in spec || 'nextDeployName' in spec);
};

/** Whether a file says that it is something else altogether, such as a Deployment. */
export const isForeign = (file: unknown): boolean => {
  if (!isMapping(file)) return false;
  const { apiVersion, kind } = file;
  return isForeignWord(apiVersion, API_VERSIONS) || isForeignWord(kind, KINDS);
};

const isForeignWord = (word: unknown, known: readonly string[]): boolean =>
  typeof word === 'string' && knownOrNearest(word, known) === undefined;

const knownOrNearest = (word: string, known: readonly string[]): string | undefined =>
  known.includes(word) ? word : nearest(word, known);
