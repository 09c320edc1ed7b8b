import { refusal } from './refusal.ts';
import { shown } from './shown.ts';

/** What Kubernetes lets a name be: a DNS-1123 subdomain (with dots) or a DNS-1123 label (without). */
export type NameRule = { readonly noun: string; readonly dots: boolean; readonly longest: number };

/** The ConfigMap of an upgrade is `dupgrade-<name>`, and the name of a ConfigMap has at most 253 characters. */
export const UPGRADE_NAME: NameRule = { noun: 'name', dots: true, longest: 253 - 'dupgrade-'.length };
export const DEPLOYMENT_NAME: NameRule = { noun: 'Deployment name', dots: true, longest: 253 };
export const NAMESPACE: NameRule = { noun: 'namespace', dots: false, longest: 63 };

export const patternOf = (rule: NameRule): RegExp =>
  rule.dots
    ? /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
    : /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

export const allowedName = ({ noun, dots, longest }: NameRule): string =>
  `a ${noun} of at most ${longest} lower-case letters, digits${dots ? ', "-" and "."' : ' and "-"'}`;

/** Why a value is no name, and which of its characters is at fault. */
export const refuseName = (value: unknown, rule: NameRule): string => {
  const allowed = allowedName(rule);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return refusal(value, 'is not text', allowed, `"${value}"`);
  }
  if (typeof value !== 'string') return refusal(value, 'is not text', allowed);
  if (value === '') return refusal(value, 'is empty', allowed);
  if (value.length > rule.longest) return refusal(value, `has ${value.length} characters`, allowed);
  return refusal(value, faultOf(value, rule), allowed, meantBy(value, rule));
};

const faultOf = (name: string, rule: NameRule): string => {
  const characters = Array.from(name);
  const strange = characters.findIndex((character) => !(rule.dots ? /[-.a-z0-9]/ : /[-a-z0-9]/).test(character));
  if (strange >= 0) return `has ${shown(characters[strange])} as character ${strange + 1}`;
  const misplaced = characters.findIndex((character, i) => {
    if (character !== '-' && character !== '.') return false;
    const [before, after] = [characters[i - 1] ?? '.', characters[i + 1] ?? '.'];
    return before === '.' || after === '.';
  });
  return `has ${shown(characters[misplaced])} as character ${misplaced + 1}, where a letter or digit must stand`;
};

/** "Llama_V2" was meant to be "llama-v2". */
const meantBy = (name: string, rule: NameRule): string | undefined => {
  const tidy = name.trim().toLowerCase().replaceAll(/[_\s]/g, '-');
  return patternOf(rule).test(tidy) ? `"${tidy}"` : undefined;
};
