import { describe, expect, it } from 'vitest';
import { type Edit, edited, linesOf, OWN_FILE } from './files.ts';

const COUNT = 'give a whole number from 0 to 2147483647';
const STEP =
  'give a count from 1 to 2147483647 or a percentage such as 10%, or { main: …, grey: … } with one for each side';
const DURATION = 'give a duration such as 90s, 20m or 1h30m, up to 720h';

describe('a count', () => {
  it.each<Edit>([
    ['-1', 'target: 30', 'target: -1', `12:13: spec.grey.target: -1 is too small; ${COUNT}`],
    [
      'of more than an int32',
      'target: 30',
      'target: 2147483648',
      `12:13: spec.grey.target: 2147483648 is too large; ${COUNT}`,
    ],
    [
      'of more than a float holds',
      'target: 30',
      'target: 99999999999999999999',
      `12:13: spec.grey.target: "99999999999999999999" is too large; ${COUNT}`,
    ],
    ['1.5', 'target: 30', 'target: 1.5', `12:13: spec.grey.target: "1.5" is not a whole number; ${COUNT}`],
    [
      '3.0',
      'target: 30',
      'target: 3.0',
      `12:13: spec.grey.target: "3.0" is not written in plain digits; ${COUNT}; did you mean 3?`,
    ],
    [
      '1e3',
      'target: 30',
      'target: 1e3',
      `12:13: spec.grey.target: "1e3" is not written in plain digits; ${COUNT}; did you mean 1000?`,
    ],
    ['1e99', 'target: 30', 'target: 1e99', `12:13: spec.grey.target: "1e99" is not written in plain digits; ${COUNT}`],
    [
      '0x10',
      'target: 30',
      'target: 0x10',
      `12:13: spec.grey.target: "0x10" is not written in plain digits; ${COUNT}; did you mean 16?`,
    ],
    [
      '+3',
      'target: 30',
      'target: +3',
      `12:13: spec.grey.target: "+3" is not written in plain digits; ${COUNT}; did you mean 3?`,
    ],
    [
      '-0',
      'target: 30',
      'target: -0',
      `12:13: spec.grey.target: "-0" is not written in plain digits; ${COUNT}; did you mean 0?`,
    ],
    [
      '010, which is 8 to some',
      'target: 30',
      'target: 010',
      `12:13: spec.grey.target: "010" is not written in plain digits; ${COUNT}`,
    ],
    ['.inf', 'target: 30', 'target: .inf', `12:13: spec.grey.target: ".inf" is not a whole number; ${COUNT}`],
    ['.nan', 'target: 30', 'target: .nan', `12:13: spec.grey.target: ".nan" is not a whole number; ${COUNT}`],
    ['1_000', 'target: 30', 'target: 1_000', `12:13: spec.grey.target: "1_000" is not a whole number; ${COUNT}`],
    [
      'in quotes',
      'target: 30',
      'target: "30"',
      `12:13: spec.grey.target: "30" is in quotes; ${COUNT}; did you mean 30?`,
    ],
    [
      'in quotes, the least',
      'target: 30',
      'target: "0"',
      `12:13: spec.grey.target: "0" is in quotes; ${COUNT}; did you mean 0?`,
    ],
    [
      'in quotes, the largest',
      'target: 30',
      'target: "2147483647"',
      `12:13: spec.grey.target: "2147483647" is in quotes; ${COUNT}; did you mean 2147483647?`,
    ],
    [
      '1e0010',
      'target: 30',
      'target: 1e0010',
      `12:13: spec.grey.target: "1e0010" is not written in plain digits; ${COUNT}`,
    ],
    [
      '1e05',
      'target: 30',
      'target: 1e05',
      `12:13: spec.grey.target: "1e05" is not written in plain digits; ${COUNT}; did you mean 100000?`,
    ],
    [
      '+010, which is 8 to some',
      'target: 30',
      'target: +010',
      `12:13: spec.grey.target: "+010" is not written in plain digits; ${COUNT}`,
    ],
    [
      '1.500e3',
      'target: 30',
      'target: 1.500e3',
      `12:13: spec.grey.target: "1.500e3" is not written in plain digits; ${COUNT}; did you mean 1500?`,
    ],
    [
      'of nothing but a space',
      'target: 30',
      'target: " "',
      `12:13: spec.grey.target: " " is not a whole number; ${COUNT}`,
    ],
    ['true', 'target: 30', 'target: true', `12:13: spec.grey.target: true is not a whole number; ${COUNT}`],
    ['null', 'target: 30', 'target: null', `12:13: spec.grey.target: has no value; ${COUNT}`],
    [
      'that is a mapping',
      'target: 30',
      'target: {}',
      `12:13: spec.grey.target: a mapping is not a whole number; ${COUNT}`,
    ],
    [
      'maxPods of 0',
      'maxPods: 33',
      'maxPods: 0',
      '18:14: spec.limits.maxPods: 0 is too small; give a whole number from 1 to 2147483647',
    ],
    ['minReady of -1', 'minReady: 28', 'minReady: -1', `17:15: spec.limits.minReady: -1 is too small; ${COUNT}`],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});

describe('a step', () => {
  it.each<Edit>([
    ['of 0', 'step: 3', 'step: 0', `14:9: spec.step: 0 is too small; ${STEP}`],
    ['of more than an int32', 'step: 3', 'step: 2147483648', `14:9: spec.step: 2147483648 is too large; ${STEP}`],
    ['of 0%', 'step: 3', 'step: 0%', `14:9: spec.step: "0%" is too small; ${STEP}`],
    ['of 0.0%', 'step: 3', 'step: 0.0%', `14:9: spec.step: "0.0%" is too small; ${STEP}`],
    ['of 100.5%', 'step: 3', 'step: 100.5%', `14:9: spec.step: "100.5%" is more than 100%; ${STEP}`],
    [
      'of 12.3456%',
      'step: 3',
      'step: 12.3456%',
      `14:9: spec.step: "12.3456%" is not written plainly; ${STEP}, with at most three decimals`,
    ],
    ['of -5%', 'step: 3', 'step: -5%', `14:9: spec.step: "-5%" is not a step; ${STEP}`],
    ['of 10% and more', 'step: 3', 'step: 10%x', `14:9: spec.step: "10%x" is not a step; ${STEP}`],
    [
      'of 100.0000%',
      'step: 3',
      'step: 100.0000%',
      `14:9: spec.step: "100.0000%" is not written plainly; ${STEP}, with at most three decimals`,
    ],
    ['with a space', 'step: 3', 'step: 10 %', `14:9: spec.step: "10 %" is not a step; ${STEP}; did you mean 10%?`],
    ['in quotes', 'step: 3', 'step: "3"', `14:9: spec.step: "3" is in quotes; ${STEP}; did you mean 3?`],
    ['of 1 in quotes', 'step: 3', 'step: "1"', `14:9: spec.step: "1" is in quotes; ${STEP}; did you mean 1?`],
    [
      'of the largest count in quotes',
      'step: 3',
      'step: "2147483647"',
      `14:9: spec.step: "2147483647" is in quotes; ${STEP}; did you mean 2147483647?`,
    ],
    ['true', 'step: 3', 'step: true', `14:9: spec.step: true is not a step; ${STEP}`],
    [
      'of one side that is too small',
      'step: 3',
      'step: { main: 3, grey: 0 }',
      '14:26: spec.step.grey: 0 is too small; give a count from 1 to 2147483647 or a percentage such as 10%',
    ],
    [
      'of one side that is a mapping',
      'step: 3',
      'step: { main: 3, grey: {} }',
      '14:26: spec.step.grey: a mapping is not a step; give a count from 1 to 2147483647 or a percentage such as 10%',
    ],
    [
      'for one side only',
      'step: 3',
      'step: { main: 3 }',
      '14:9: spec.step.grey: is missing; give a count from 1 to 2147483647 or a percentage such as 10%',
    ],
    [
      'for another side',
      'step: 3',
      'step: { main: 3, gray: 1 }',
      '14:20: spec.step.gray: is not known here; give main or grey; did you mean grey?',
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});

describe('a word of a few', () => {
  it.each<Edit>([
    [
      'misspelt',
      'mode: scaleInPriority',
      'mode: scaleInPriorty',
      '13:9: spec.mode: "scaleInPriorty" is not known here; give scaleOutPriority, scaleInPriority or scaleSimultaneously; did you mean scaleInPriority?',
    ],
    [
      'invented',
      'mode: scaleInPriority',
      'mode: fast',
      '13:9: spec.mode: "fast" is not known here; give scaleOutPriority, scaleInPriority or scaleSimultaneously',
    ],
    [
      'in capitals',
      'pacing: batch',
      'pacing: BATCH',
      '15:11: spec.pacing: "BATCH" is not known here; give window or batch; did you mean batch?',
    ],
    ['that is a number', 'pacing: batch', 'pacing: 1', '15:11: spec.pacing: 1 is not known here; give window or batch'],
    [
      'for the policy',
      'podReplacementPolicy: TerminationStarted',
      'podReplacementPolicy: TerminationDone',
      '20:25: spec.podReplacementPolicy: "TerminationDone" is not known here; give TerminationComplete or TerminationStarted',
    ],
    [
      'for the kind',
      'kind: DeploymentUpgrade',
      'kind: DeploymentUpdate',
      '2:7: kind: "DeploymentUpdate" is not known here; give DeploymentUpgrade; did you mean DeploymentUpgrade?',
    ],
    [
      'for the apiVersion',
      'dupgrade.dev/v1',
      'dupgrade.dev/v1beta1',
      '1:13: apiVersion: "dupgrade.dev/v1beta1" is not known here; give dupgrade.dev/v1 or upgrade.github.com/v1; did you mean dupgrade.dev/v1?',
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});

describe('a duration', () => {
  it.each<Edit>([
    [
      'without a unit',
      ': 20m',
      ': 20',
      `19:21: spec.progressDeadline: 20 has no unit; ${DURATION}; did you mean 20s or 20m?`,
    ],
    [
      'without a unit, in quotes',
      ': 20m',
      ': "20"',
      `19:21: spec.progressDeadline: "20" has no unit; ${DURATION}; did you mean 20s or 20m?`,
    ],
    ['0', ': 20m', ': 0', `19:21: spec.progressDeadline: 0 has no unit; ${DURATION}`],
    ['0s', ': 20m', ': 0s', `19:21: spec.progressDeadline: "0s" is too short; ${DURATION}`],
    [
      'of less than a millisecond',
      ': 20m',
      ': 0.0001s',
      `19:21: spec.progressDeadline: "0.0001s" is too short; ${DURATION}`,
    ],
    ['of more than 30 days', ': 20m', ': 720h1ms', `19:21: spec.progressDeadline: "720h1ms" is too long; ${DURATION}`],
    ['below zero', ': 20m', ': -5m', `19:21: spec.progressDeadline: "-5m" is no duration; ${DURATION}`],
    ['in days', ': 20m', ': 2d', `19:21: spec.progressDeadline: "2d" is no duration; ${DURATION}; did you mean 48h?`],
    [
      'in words',
      ': 20m',
      ': 20 minutes',
      `19:21: spec.progressDeadline: "20 minutes" is no duration; ${DURATION}; did you mean 20m?`,
    ],
    [
      'with the units the wrong way round',
      ': 20m',
      ': 30m1h',
      `19:21: spec.progressDeadline: "30m1h" is no duration; ${DURATION}`,
    ],
    ['that is empty', ': 20m', ': ""', `19:21: spec.progressDeadline: "" is no duration; ${DURATION}`],
    ['false', ': 20m', ': false', `19:21: spec.progressDeadline: false is no duration; ${DURATION}`],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});
