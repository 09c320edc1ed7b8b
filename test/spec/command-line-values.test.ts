import { describe, expect, it } from 'vitest';
import { parseCount } from '../../src/spec/count.ts';
import { parseDuration } from '../../src/spec/duration.ts';
import { parseStep } from '../../src/spec/step.ts';
import { ValueError } from '../../src/spec/value-error.ts';

const STEP = 'a count from 1 to 2147483647 or a percentage such as 10%';

describe('a step on the command line', () => {
  it.each([
    ['3', { main: 3, grey: 3 }],
    ['10%', { main: '10%', grey: '10%' }],
    ['main=3,grey=1', { main: 3, grey: 1 }],
    ['grey=12.5%, main= 1', { main: 1, grey: '12.5%' }],
    ['2147483647', { main: 2147483647, grey: 2147483647 }],
  ])('may be %s', (text, expected) => {
    expect(parseStep(text)).toEqual(expected);
  });

  it.each([
    ['', `"" is not a step; give ${STEP}, or one for each side as main=3,grey=1`],
    ['0', `"0" is too small; give ${STEP}, or one for each side as main=3,grey=1`],
    ['2147483648', `"2147483648" is too large; give ${STEP}, or one for each side as main=3,grey=1`],
    ['101%', `"101%" is more than 100%; give ${STEP}, or one for each side as main=3,grey=1`],
    ['main=3', '"main=3" leaves out grey; give main=3,grey=1'],
    ['main=3,main=1', '"main=3,main=1" names main twice; give main=3,grey=1'],
    ['main=3,gray=1', '"gray" is not a side; give main=3,grey=1; did you mean grey?'],
    ['main=3,grey=', `"" is not a step; give ${STEP}`],
    ['main=3,grey=1=2', `"1=2" is not a step; give ${STEP}`],
    ['main=3,grey=0%', `"0%" is too small; give ${STEP}`],
    ['main=3,1', '"1" is not a side; give main=3,grey=1'],
  ])('may not be "%s"', (text, message) => {
    expect(() => parseStep(text)).toThrow(new ValueError(message));
  });
});

describe('a duration on the command line', () => {
  it.each([
    ['90s', 90_000],
    ['20m', 1_200_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['1.1h', 3_960_000],
    ['500ms', 500],
    ['1m500ms', 60_500],
    ['1h1m1s1ms', 3_661_001],
    ['0.001s', 1],
    ['720h', 2_592_000_000],
  ])('may be %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['20', '"20" has no unit', '; did you mean 20s or 20m?'],
    ['20min', '"20min" is no duration', '; did you mean 20m?'],
    ['3 HRS', '"3 HRS" is no duration', '; did you mean 3h?'],
    ['250 millis', '"250 millis" is no duration', '; did you mean 250ms?'],
    ['1.25 min', '"1.25 min" is no duration', '; did you mean 1.25m?'],
    ['x20', '"x20" is no duration', ''],
    ['2 weeks', '"2 weeks" is no duration', ''],
    ['40d', '"40d" is no duration', ''],
    ['1h 30m', '"1h 30m" is no duration', ''],
    ['.5h', '".5h" is no duration', ''],
    ['721h', '"721h" is too long', ''],
    ['0h0m', '"0h0m" is too short', ''],
  ])('may not be %s', (text, fault, meant) => {
    const message = `${fault}; give a duration such as 90s, 20m or 1h30m, up to 720h${meant}`;
    expect(() => parseDuration(text)).toThrow(new ValueError(message));
  });
});

describe('a count on the command line', () => {
  it('may be any that its side allows', () => {
    expect(parseCount('0', 0)).toBe(0);
    expect(parseCount('2147483647', 1)).toBe(2147483647);
  });

  it.each([
    ['0', '"0" is too small; give a whole number from 1 to 2147483647'],
    ['2147483648', '"2147483648" is too large; give a whole number from 1 to 2147483647'],
    ['1e3', '"1e3" is not written in plain digits; give a whole number from 1 to 2147483647; did you mean 1000?'],
    ['', '"" is not a whole number; give a whole number from 1 to 2147483647'],
  ])('may not be "%s"', (text, message) => {
    expect(() => parseCount(text, 1)).toThrow(new ValueError(message));
  });
});

describe('the error of a value', () => {
  it('has a name of its own', () => {
    expect(new ValueError('x').name).toBe('ValueError');
  });
});
