import { describe, expect, it } from 'vitest';
import { agoText, countText, durationText, listText, momentText, withoutStop } from '../../src/output/wording.ts';

describe('wording', () => {
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [999, '0s'],
    [45_000, '45s'],
    [59_999, '59s'],
    [60_000, '1m00s'],
    [724_000, '12m04s'],
    [3_600_000, '1h00m'],
    [3_720_000, '1h02m'],
    [86_399_000, '23h59m'],
    [183_600_000, '2d03h'],
  ])('says %i ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('says a moment in UTC to the second', () => {
    expect(momentText(Date.parse('2026-11-23T10:00:05.999Z'))).toBe('2026-11-23T10:00:05Z');
  });

  it('says how long ago something was, also where the time is none', () => {
    expect(agoText('2026-11-23T10:00:00Z', Date.parse('2026-11-23T10:00:45Z'))).toBe('45s ago');
    expect(agoText('yesterday', 0)).toBe('some time ago');
  });

  it('counts in the singular and the plural', () => {
    expect([0, 1, 2].map((count) => countText(count, 'pod'))).toEqual(['0 pods', '1 pod', '2 pods']);
  });

  it('joins a list as people do', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listText)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });

  it('takes the full stop off a message', () => {
    expect(['no room.', 'no room. ', 'no room'].map(withoutStop)).toEqual(['no room', 'no room', 'no room']);
  });
});
