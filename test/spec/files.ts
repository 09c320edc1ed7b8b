import { parseSpec, type SpecDefaults } from '../../src/spec/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';

/** A complete file of dupgrade's own format, every field on a line of its own. */
export const OWN_FILE = `apiVersion: dupgrade.dev/v1
kind: DeploymentUpgrade
metadata:
  name: llama-v2
  namespace: serving
spec:
  main:
    deployment: llama-v1
    target: 0
  grey:
    deployment: llama-v2
    target: 30
  mode: scaleInPriority
  step: 3
  pacing: batch
  limits:
    minReady: 28
    maxPods: 33
  progressDeadline: 20m
  podReplacementPolicy: TerminationStarted
`;

/** A file of the original operator. */
export const OPERATOR_FILE = `apiVersion: upgrade.github.com/v1
kind: DeploymentUpgrade
metadata:
  name: llama-v2
  namespace: serving
spec:
  mode: scaleSimultaneously
  step: 3
  originStageTarget: 1
  nextGenStageTarget: 30
  originDeployName: llama-v1
  originDeployNamespace: serving
  nextDeployName: llama-v2
  nextDeployNamespace: serving-next
`;

export const DEFAULTS: SpecDefaults = { namespace: 'default' };

/** A row of a table: what is wrong, the text that is replaced, by what, the line that tells it. */
export type Edit = readonly [string, string, string, string];

/** The text with one place changed; the place must be there. */
export const edited = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand in the text exactly once`);
  return text.replace(from, () => to);
};

/** The error that a text is refused with. */
export const refusalOf = (text: string, defaults = DEFAULTS): SpecError => {
  try {
    parseSpec({ file: 'up.yaml', text }, defaults);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('the spec was taken');
};

/** The lines that a text is refused with. */
export const linesOf = (text: string, defaults = DEFAULTS): readonly string[] =>
  refusalOf(text, defaults).message.split('\n');
