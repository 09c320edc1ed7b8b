import { bothSides, perSide, SIDES } from '../upgrade/side.ts';
import type { Finding } from './finding.ts';
import type { Paths } from './format.ts';
import { fieldOf, type Path } from './path.ts';
import { placeAt, type Reading, valueAt } from './reading.ts';
import { shown } from './shown.ts';

/** The namespace of a file that names none, and the one that was asked for on the command line. */
export type SpecDefaults = { readonly namespace: string; readonly explicitNamespace?: string };

/**
 * What is wrong between fields. A field that is wrong by itself (it has a finding) takes no part, so that the rules speak of
 * a file that has other faults, too.
 */
export const brokenRules = (
  reading: Reading,
  paths: Paths,
  defaults: SpecDefaults,
  findings: readonly Finding[],
): readonly Finding[] => {
  const wrong = new Set(findings.map(({ field }) => field));
  const fields: Fields = {
    isWrong: (path) => wrong.has(fieldOf(path)),
    valueAt: (path) => (wrong.has(fieldOf(path)) ? undefined : valueAt(reading, path)),
  };
  const broken = [
    ...otherNamespace(fields, paths, defaults),
    ...sameDeployment(fields, paths, defaults),
    ...impossibleLimits(fields, paths),
  ];
  return broken.map(({ path, message }) => ({
    offset: placeAt(reading, path).offset,
    field: fieldOf(path),
    message,
  }));
};

type Fields = { readonly isWrong: (path: Path) => boolean; readonly valueAt: (path: Path) => unknown };

type Broken = { readonly path: Path; readonly message: string };

/** kubectl refuses this as well: nobody can tell which of the two was a slip. */
const otherNamespace = (fields: Fields, paths: Paths, { explicitNamespace }: SpecDefaults): readonly Broken[] => {
  const namespace = fields.valueAt(paths.namespace);
  if (explicitNamespace === undefined || namespace === undefined || namespace === explicitNamespace) return [];
  const message = `${shown(namespace)} is not ${shown(explicitNamespace)}, the namespace given with -n; leave one of them out`;
  return [{ path: paths.namespace, message }];
};

const sameDeployment = (fields: Fields, paths: Paths, defaults: SpecDefaults): readonly Broken[] => {
  if (fields.isWrong(paths.namespace) || SIDES.some((side) => fields.isWrong(paths.deploymentNamespace[side])))
    return [];
  const home = fields.valueAt(paths.namespace) ?? defaults.explicitNamespace ?? defaults.namespace;
  const namespace = perSide((side) => fields.valueAt(paths.deploymentNamespace[side]) ?? home);
  const name = perSide((side) => fields.valueAt(paths.deployment[side]));
  if (name.main === undefined || name.main !== name.grey || namespace.main !== namespace.grey) return [];
  const message = `${shown(name.grey)} in namespace ${shown(namespace.grey)} is the Deployment of main as well; give another`;
  return [{ path: paths.deployment.grey, message }];
};

/** The limits hold at the targets, too, so that the upgrade could never end. */
const impossibleLimits = (fields: Fields, { target, minReady, maxPods }: Paths): readonly Broken[] => {
  const countAt = (path: Path | undefined): number => {
    const value = path === undefined ? undefined : fields.valueAt(path);
    return typeof value === 'number' ? value : Number.NaN;
  };
  // Comparisons with NaN are false: a rule over a count that is not there is not broken.
  const targets = bothSides(perSide((side) => countAt(target[side])));
  const [least, most] = [countAt(minReady), countAt(maxPods)];
  const broken: Broken[] = [];
  if (minReady !== undefined && least > targets) {
    const message = `${least} is more than the targets have together; give at most ${targets}`;
    broken.push({ path: minReady, message });
  } else if (minReady !== undefined && least > most) {
    broken.push({ path: minReady, message: `${least} is more than maxPods; give at most ${most}` });
  }
  if (maxPods !== undefined && most < targets) {
    const message = `${most} is less than the targets have together; give at least ${targets}`;
    broken.push({ path: maxPods, message });
  }
  return broken;
};
