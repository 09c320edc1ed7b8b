import { describe, expect, it } from 'vitest';
import { demandApart, readSpecs } from '../../src/spec/several.ts';

const DEFAULTS = { namespace: 'default' };

const file = (name: string, upgrade: string, main: string, grey: string, namespace = '') => ({
  file: name,
  text: `apiVersion: dupgrade.dev/v1
kind: DeploymentUpgrade
metadata: { name: ${upgrade}${namespace === '' ? '' : `, namespace: ${namespace}`} }
spec:
  main: { deployment: ${main}, target: 0 }
  grey: { deployment: ${grey}, target: 3 }
`,
});

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
};

describe('several spec files', () => {
  it('are told every problem of every file, each with its place', () => {
    const good = file('b.yaml', 'b', 'b-v1', 'b-v2');
    const wrong = { ...good, file: 'c.yaml', text: good.text.replace('target: 3', 'target: -3, stop: 1') };
    const none = { file: 'a.yaml', text: '' };
    expect(messageOf(() => readSpecs([none, good, wrong], DEFAULTS)).split('\n')).toEqual([
      'a.yaml:1:1: the file is empty; give apiVersion, kind, metadata and spec',
      expect.stringMatching(/^c\.yaml:6:37: spec\.grey\.target: -3 is too small/),
      expect.stringMatching(/^c\.yaml:6:41: spec\.grey\.stop: is not known here/),
    ]);
  });

  it('of the same upgrade are refused, with both places', () => {
    const files = readSpecs(
      [file('a.yaml', 'web', 'v1', 'v2'), file('b.yaml', 'web', 'v3', 'v4', 'default')],
      DEFAULTS,
    );
    expect(messageOf(() => demandApart(files))).toBe(
      'b.yaml:3:19: metadata.name: "web" in namespace "default" is the upgrade of a.yaml:3:19 as well; give each upgrade once',
    );
  });

  it('that move the same Deployment are refused, with both places, whatever side it is of', () => {
    const files = readSpecs([file('a.yaml', 'a', 'v1', 'v2'), file('b.yaml', 'b', 'v2', 'v3')], DEFAULTS);
    expect(messageOf(() => demandApart(files))).toBe(
      'b.yaml:5:23: spec.main.deployment: "v2" in namespace "default" is moved by a.yaml:6:23 as well; start one of the two after the other has ended',
    );
  });

  it('of the same names in other namespaces are two upgrades', () => {
    const files = readSpecs([file('a.yaml', 'a', 'v1', 'v2'), file('b.yaml', 'a', 'v1', 'v2', 'other')], DEFAULTS);
    expect(() => demandApart(files)).not.toThrow();
  });
});
