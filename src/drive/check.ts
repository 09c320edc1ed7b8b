import { type Cluster, ClusterError } from '../cluster/port.ts';
import { type CheckName, type CheckReport, type Choices, CHECKS, type Finding, verdictOf } from '../upgrade/finding.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { missingAccess } from './access.ts';
import { SURROUNDINGS } from './checks.ts';
import type { Clock } from './clock.ts';
import { type Preflight, preflight, refusalFindings } from './preflight.ts';
import { unread } from './said.ts';
import { readSnapshot } from './snapshot.ts';

type Deps = { readonly cluster: Cluster; readonly clock: Clock };

/** Reads only. Everything that speaks for or against an upgrade; also where this user has few rights. */
export const check = async (deps: Deps, spec: UpgradeSpec, choices: Choices): Promise<CheckReport> => {
  const rights = await missingAccess(deps.cluster, spec);
  const seen = await unlessDenied(() => preflight(deps, spec));
  return reportOf(deps, spec, seen, rights, choices);
};

/** The same of what preflight has seen already, for a user whose rights have been found to be enough. */
export const checkSeen = (deps: Deps, spec: UpgradeSpec, seen: Preflight, choices: Choices): Promise<CheckReport> =>
  reportOf(deps, spec, seen, [], choices);

const reportOf = async (
  { cluster }: Deps,
  spec: UpgradeSpec,
  seen: Preflight | undefined,
  rights: readonly string[],
  choices: Choices,
): Promise<CheckReport> => {
  const said: readonly Finding[] = [
    ...required(seen),
    ...(rights.length === 0
      ? []
      : [{ name: 'rights', level: 'refusal', fact: { check: 'rights-missing', rights } } as const]),
    ...(await surroundings(cluster, spec, seen, choices.skip)),
  ];
  const findings = CHECKS.filter((name) => !choices.skip.includes(name)).flatMap((name): readonly Finding[] => {
    const own = said.filter((finding) => finding.name === name);
    return own.length > 0 ? own : [{ name, level: 'ok', fact: { check: 'fine' } }];
  });
  return {
    name: spec.name,
    namespace: namespaceOf(spec),
    deployments: spec.deployments,
    verdict: verdictOf(findings, choices),
    strict: choices.strict,
    skipped: CHECKS.filter((name) => choices.skip.includes(name)),
    findings,
  };
};

const required = (seen: Preflight | undefined): readonly Finding[] => {
  if (seen === undefined) {
    const names = ['deployments', 'selectors', 'limits', 'other-upgrade'] as const;
    return names.map((name) => ({
      name,
      ...unread('the Deployments, their pods or the records of upgrades', 'denied'),
    }));
  }
  const found = refusalFindings(seen);
  if (seen.sides !== undefined) return found;
  return [...found, ...(['selectors', 'limits'] as const).map((name) => ({ name, ...without }))];
};

const without = unread('both Deployments', 'no-deployments');

const surroundings = async (
  cluster: Cluster,
  spec: UpgradeSpec,
  seen: Preflight | undefined,
  skip: readonly CheckName[],
): Promise<readonly Finding[]> => {
  const wanted = SURROUNDINGS.filter(({ name }) => !skip.includes(name));
  const { sides } = seen ?? {};
  if (sides === undefined || wanted.length === 0) return wanted.map(({ name }) => ({ name, ...without }));
  const snapshot = await readSnapshot(cluster, spec, sides);
  return wanted.flatMap(({ name, check: look }) => look(snapshot).map((said) => ({ name, ...said })));
};

const unlessDenied = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ClusterError && error.fault === 'forbidden') return undefined;
    throw error;
  }
};
