import type { CheckName } from '../upgrade/finding.ts';
import { bothSides, perSide, SIDES, type Side } from '../upgrade/side.ts';
import { autoscalers } from './check-autoscalers.ts';
import { owners } from './check-owners.ts';
import { capacity, quota } from './check-room.ts';
import { image, template } from './check-template.ts';
import { observeSide } from './observe.ts';
import { selects } from './selects.ts';
import { type Check, readingOf, type Said } from './said.ts';
import type { Snapshot } from './snapshot.ts';

const ready: Check = ({ spec, sides }) =>
  SIDES.flatMap((side): Said[] => {
    const seen = observeSide(sides[side], spec.podReplacementPolicy);
    if (seen.ready >= seen.asked) return [];
    const fact = {
      check: 'unready',
      side,
      deployment: spec.deployments[side],
      asked: seen.asked,
      ready: seen.ready,
    } as const;
    return [{ level: 'warning', fact }];
  });

/** Its controller scales a paused Deployment all the same, but with pods of the template before the pause. */
const paused: Check = ({ spec, sides }) =>
  SIDES.filter((side) => sides[side].deployment.spec.paused === true).map((side) => ({
    level: 'warning',
    fact: { check: 'paused', side, deployment: spec.deployments[side] },
  }));

const services: Check = ({ spec, sides, services: all }) => {
  const found = readingOf(all, 'services');
  if ('unread' in found) return found.unread;
  const selecting = (side: Side) =>
    found.objects.filter(({ metadata, spec: { selector } = {} }) => {
      // Without a selector a Service has endpoints of its own.
      if (!selector || Object.keys(selector).length === 0) return false;
      const { namespace } = spec.deployments[side];
      return metadata.namespace === namespace && selects({ matchLabels: selector }, labelsOf(sides[side].deployment));
    });
  const of = perSide(selecting);
  const names = (list: typeof of.main): readonly string[] => list.map(({ metadata }) => metadata.name);
  const both = names(of.main.filter((each) => of.grey.includes(each)));
  const only = perSide((side) => names(of[side]).filter((name) => !both.includes(name)));
  // Whoever has a Service for each side has some other way to share out the requests.
  const cutOff = both.length === 0 && bothSides(perSide((side) => only[side].length)) > 0;
  return [{ level: cutOff ? 'warning' : 'ok', fact: { check: 'services', both, only } }];
};

/** Scaling passes by them: they hold for evictions, such as of a node that is drained on the way. */
const budgets: Check = ({ spec, sides, budgets: all }) => {
  const found = readingOf(all, 'poddisruptionbudgets');
  if ('unread' in found) return found.unread;
  const of = perSide((side) =>
    found.objects
      .filter(
        ({ metadata, spec: { selector } = {} }) =>
          metadata.namespace === spec.deployments[side].namespace &&
          selector !== undefined &&
          selects(selector, labelsOf(sides[side].deployment)),
      )
      .map(({ metadata }) => metadata.name),
  );
  if (of.main.length === 0 && of.grey.length === 0) return [];
  const unguarded = of.main.length > 0 && of.grey.length === 0;
  // Of a pod with two budgets the API server evicts nothing.
  const doubled = of.main.length > 1 || of.grey.length > 1;
  return [{ level: unguarded || doubled ? 'warning' : 'note', fact: { check: 'budgets', of } }];
};

const labelsOf = ({ spec }: Snapshot['sides']['main']['deployment']) => spec.template.metadata?.labels;

/** The checks that can be skipped, each over what was read once. */
export const SURROUNDINGS: readonly { readonly name: CheckName; readonly check: Check }[] = [
  { name: 'ready', check: ready },
  { name: 'paused', check: paused },
  { name: 'services', check: services },
  { name: 'autoscalers', check: autoscalers },
  { name: 'owners', check: owners },
  { name: 'budgets', check: budgets },
  { name: 'quota', check: quota },
  { name: 'capacity', check: capacity },
  { name: 'template', check: template },
  { name: 'image', check: image },
];
