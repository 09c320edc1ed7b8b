import { Random } from '../cluster/virtual/random.ts';
import type { Action, DeploymentSetup, Failure, Happening, Scenario } from '../cluster/virtual/scenario.ts';
import type { Mishap, SomePods } from '../spec/mishap.ts';
import { SIDES } from '../upgrade/side.ts';
import type { DeploymentRef, UpgradeSpec } from '../upgrade/spec.ts';

/** A mishap that this cluster cannot have. */
export class MishapImpossible extends Error {
  override readonly name = 'MishapImpossible';
}

type Of<K extends Mishap['kind']> = Extract<Mishap, { readonly kind: K }>;

/**
 * The scenario with what is to go wrong, drawn from its seed: which nodes and which pods are another lot in every run.
 * Throws MishapImpossible.
 */
export const withMishaps = (scenario: Scenario, mishaps: readonly Mishap[], spec: UpgradeSpec): Scenario =>
  mishaps.reduce((so, mishap, at) => withMishap(so, mishap, spec, new Random(scenario.seed, `mishap ${at}`)), scenario);

const withMishap = (scenario: Scenario, mishap: Mishap, spec: UpgradeSpec, random: Random): Scenario => {
  switch (mishap.kind) {
    case 'node':
    case 'lost-node':
      return withHappenings(scenario, happeningsOfNodes(scenario, mishap, random));
    case 'delete':
      return withHappenings(
        scenario,
        addedTo(scenario, spec).map(({ deployment }) => ({
          atMs: mishap.atMs,
          action: { kind: 'delete-pods', deployment, pods: mishap.pods },
        })),
      );
    case 'quota': {
      const { namespace } = spec.deployments.grey;
      const action: Action = { kind: 'set-quota', quota: { namespace, pods: mishap.pods } };
      return withHappenings(scenario, [{ atMs: mishap.atMs, action }]);
    }
    default:
      return withFailure(scenario, mishap, spec, random);
  }
};

const withHappenings = (scenario: Scenario, more: readonly Happening[]): Scenario => ({
  ...scenario,
  happenings: [...scenario.happenings, ...more],
});

const happeningsOfNodes = (
  scenario: Scenario,
  { kind, nodes, atMs, forMs, text }: Of<'node' | 'lost-node'>,
  random: Random,
): readonly Happening[] =>
  chosen(scenario, nodes, text, random).flatMap((node): Happening[] => [
    { atMs, action: { kind: kind === 'node' ? 'break-node' : 'lose-node', node } },
    ...(forMs === undefined ? [] : [{ atMs: atMs + forMs, action: { kind: 'mend-node', node } } as const]),
  ]);

const chosen = (scenario: Scenario, nodes: number | string, text: string, random: Random): readonly string[] => {
  const names = scenario.nodes.flatMap(({ name, count }) => Array.from({ length: count }, (_, i) => `${name}-${i}`));
  if (typeof nodes === 'string') {
    if (names.includes(nodes)) return [nodes];
    const known = names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ');
    throw new MishapImpossible(`${text}: there is no node ${nodes}; there are ${known}`);
  }
  if (nodes <= names.length) return drawn(names, nodes, random);
  throw new MishapImpossible(`${text}: there are only ${names.length} nodes`);
};

/** So many of them, each as likely as any other. */
const drawn = <T>(items: readonly T[], count: number, random: Random): readonly T[] => {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(random.between(0, left.length - 1), 1)).flat();
};

/** The Deployments that the upgrade adds pods to, and how many. */
const addedTo = (
  scenario: Scenario,
  { deployments, targets }: UpgradeSpec,
): readonly { readonly deployment: DeploymentRef; readonly before: number; readonly added: number }[] =>
  SIDES.flatMap((side) => {
    const deployment = deployments[side];
    const before = scenario.deployments.find((each) => isSame(each, deployment))?.replicas ?? 0;
    const added = targets[side] - before;
    return added > 0 ? [{ deployment, before, added }] : [];
  });

const isSame = (a: DeploymentRef, b: DeploymentRef): boolean => a.namespace === b.namespace && a.name === b.name;

const FAULTS = {
  'never-ready': 'never-ready',
  crash: 'crash-loop',
  image: 'image-pull',
  unready: 'turn-unready',
} as const;

const withFailure = (
  scenario: Scenario,
  mishap: Of<keyof typeof FAULTS>,
  spec: UpgradeSpec,
  random: Random,
): Scenario => {
  const sides = addedTo(scenario, spec);
  const failureOf = (setup: DeploymentSetup): readonly Failure[] => {
    const side = sides.find(({ deployment }) => isSame(deployment, setup));
    if (side === undefined) return [];
    const after = mishap.kind === 'unready' ? { afterMs: mishap.afterMs } : {};
    return [{ kind: FAULTS[mishap.kind], ...whichPods(mishap.pods, side, random), ...after }];
  };
  return {
    ...scenario,
    // What is asked for on the command line goes before what the scenario says of the same pods.
    deployments: scenario.deployments.map((setup) => ({
      ...setup,
      failures: [...failureOf(setup), ...setup.failures],
    })),
  };
};

/** Pods are numbered as they are made, those of the beginning first. */
const whichPods = (
  pods: SomePods,
  { before, added }: { readonly before: number; readonly added: number },
  random: Random,
): Pick<Failure, 'pods' | 'share'> => {
  if ('share' in pods) return { share: pods.share };
  const numbers = Array.from({ length: added }, (_, i) => before + 1 + i);
  return { pods: drawn(numbers, Math.min(pods.count, added), random) };
};
