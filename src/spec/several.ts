import { SIDES } from '../upgrade/side.ts';
import { type DeploymentRef, fullNameOf } from '../upgrade/spec.ts';
import { type Finding, positionOf, specErrorOf } from './finding.ts';
import { readSpec, type SpecDefaults, type SpecFile, type SpecSource } from './parse.ts';
import { fieldOf, type Path } from './path.ts';
import { placeAt } from './reading.ts';
import { shown } from './shown.ts';
import { SpecError, SpecErrors } from './spec-error.ts';

/** The specs of several files, each judged by itself. Throws SpecErrors with every problem of every file. */
export const readSpecs = (sources: readonly SpecSource[], defaults: SpecDefaults): readonly SpecFile[] => {
  const errors: SpecError[] = [];
  const files = sources.flatMap((source): readonly SpecFile[] => {
    try {
      return [readSpec(source, defaults)];
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length > 0) throw new SpecErrors(errors);
  return files;
};

/**
 * Refuses files that one process cannot carry out side by side: two that give the same upgrade, and two that move the same
 * Deployment. Each later one is told where the first stands. Throws SpecErrors.
 */
export const demandApart = (files: readonly SpecFile[]): void => {
  const errors = files.flatMap((file, at): readonly SpecError[] => {
    const findings = clashesOf(file, files.slice(0, at));
    return findings.length === 0 ? [] : [specErrorOf(file.source.file, file.text, findings)];
  });
  if (errors.length > 0) throw new SpecErrors(errors);
};

const clashesOf = (file: SpecFile, earlier: readonly SpecFile[]): readonly Finding[] => {
  const { spec, paths } = file;
  const twin = earlier.find((each) => fullNameOf(each.spec) === fullNameOf(spec));
  if (twin !== undefined) {
    const what = `${shown(spec.name)} in namespace ${shown(spec.deployments.main.namespace)}`;
    const message = `${what} is the upgrade of ${positionIn(twin, twin.paths.name)} as well; give each upgrade once`;
    return [findingAt(file, paths.name, message)];
  }
  return SIDES.flatMap((side) => {
    const ref = spec.deployments[side];
    const where = earlier.map((each) => moved(each, ref)).find((position) => position !== undefined);
    if (where === undefined) return [];
    const what = `${shown(ref.name)} in namespace ${shown(ref.namespace)}`;
    const message = `${what} is moved by ${where} as well; start one of the two after the other has ended`;
    return [findingAt(file, paths.deployment[side], message)];
  });
};

/** Where a file names a Deployment, if it moves it. */
const moved = (file: SpecFile, { namespace, name }: DeploymentRef): string | undefined => {
  const side = SIDES.find((each) => {
    const ref = file.spec.deployments[each];
    return ref.namespace === namespace && ref.name === name;
  });
  return side && positionIn(file, file.paths.deployment[side]);
};

const positionIn = ({ source, text, reading }: SpecFile, path: Path): string => {
  const { line, column } = positionOf(text, placeAt(reading, path).offset);
  return `${source.file}:${line}:${column}`;
};

const findingAt = ({ reading }: SpecFile, path: Path, message: string): Finding => ({
  offset: placeAt(reading, path).offset,
  field: fieldOf(path),
  message,
});
