import type { Draft } from '../upgrade/draft.ts';
import { bothSides } from '../upgrade/side.ts';
import { adviceText } from './advice-text.ts';
import type { Entry } from './commented-yaml.ts';
import { wrapped } from './line.ts';
import { printable } from './printable.ts';
import { renderStructured } from './structured.ts';
import { capitalized, countText, durationText, type Program } from './wording.ts';

/** The file that the editor is told to check the spec against: beside it, as it is made by `dupgrade schema`. */
const SCHEMA_FILE = 'dupgrade.schema.json';

const COMMENT_WIDTH = 100;

/** A draft as a spec file: YAML with comments, or without as JSON and plain YAML. */
export const renderSpec = async (draft: Draft, format: 'text' | 'json' | 'yaml', program: Program): Promise<string> => {
  const entries = entriesOf(draft);
  if (format !== 'text') return renderStructured(plainOf(entries), format);
  const { commentedYaml } = await import('./commented-yaml.ts');
  const head = [
    `yaml-language-server: $schema=${SCHEMA_FILE}`,
    `Editors check this file against what \`${program} schema > ${SCHEMA_FILE}\` writes beside it.`,
    `Look first: \`${program} check\` tells what speaks against it, \`${program} plan\` shows the way.`,
  ];
  return printable(commentedYaml(head, entries));
};

const plainOf = (entries: readonly Entry[]): object =>
  Object.fromEntries(entries.map(({ key, value }) => [key, typeof value === 'object' ? plainOf(value) : value]));

const entriesOf = (draft: Draft): readonly Entry[] => {
  const { name, deployments, targets, counts, mode, step } = draft;
  return [
    { key: 'apiVersion', value: 'dupgrade.dev/v1' },
    { key: 'kind', value: 'DeploymentUpgrade' },
    {
      key: 'metadata',
      value: [
        { key: 'name', value: name, above: comment(`The record of the upgrade is the ConfigMap dupgrade-${name}.`) },
        { key: 'namespace', value: deployments.main.namespace },
      ],
    },
    {
      key: 'spec',
      value: [
        {
          key: 'main',
          value: sideOf(draft, 'main'),
          above: comment(`The old version; it has ${countText(counts.main, 'replica')} now, and ends with its target.`),
        },
        {
          key: 'grey',
          value: sideOf(draft, 'grey'),
          above: comment(
            `The new version; it has ${countText(counts.grey, 'replica')} now. Its target is what both have together.`,
          ),
        },
        { key: 'mode', value: mode, above: comment(`${MODES} ${capitalized(adviceText(draft.advice))}.`) },
        {
          key: 'step',
          value: step,
          above: comment(
            `At most so many pods of a side that are not ready yet, or not gone yet: ${bothSides(targets) > 10 ? 'a tenth of all, rounded up' : 'one at a time'}.`,
          ),
        },
        {
          key: 'pacing',
          value: 'window',
          above: comment('A slot is refilled as soon as it is free; with batch, when its whole step is complete.'),
        },
        ...deadlineOf(draft),
      ],
    },
  ];
};

const MODES =
  'Which direction leads: scaleOutPriority adds first, scaleInPriority removes first, scaleSimultaneously does both at once.';

const sideOf = ({ deployments, targets }: Draft, side: 'main' | 'grey'): readonly Entry[] => [
  { key: 'deployment', value: deployments[side].name },
  { key: 'target', value: targets[side] },
];

const deadlineOf = (draft: Draft): readonly Entry[] => {
  const { progressDeadlineMs, startTimes, graceMs } = draft;
  const means = 'This long without any progress ends the run; it can be resumed.';
  const slowest = startTimes && durationText(startTimes.slowestMs);
  const because =
    startTimes === undefined
      ? 'No pod is ready that would show how long they take; make it more than twice that.'
      : `The slowest of ${countText(startTimes.pods, 'pod')} took ${slowest} to become ready: twice that and the ${durationText(graceMs)} that a removed pod may take to be gone, at least 10m.`;
  const value = `${Math.round(progressDeadlineMs / 60_000)}m`;
  return [
    { key: 'progressDeadline', value, above: [...limitsOf(draft), ...comment(`${means} ${because}`)] },
    {
      key: 'podReplacementPolicy',
      value: 'TerminationComplete',
      above: comment('A removed pod counts until it is gone; with TerminationStarted, until it is asked to go.'),
    },
  ];
};

/** Left to the reader: a limit that is as tight as the way itself waits where a pod fails. */
const limitsOf = ({ bounds }: Draft): readonly string[] =>
  bounds.maxPods === 0
    ? []
    : [
        ...comment(
          'Never fewer ready pods on both sides together, never more pods, whatever happens. To set them, take the # away:',
        ),
        'limits:',
        `  minReady: ${bounds.minReady}`,
        `  maxPods: ${bounds.maxPods}`,
      ];

const comment = (text: string): readonly string[] => wrapped(text, COMMENT_WIDTH);
