import { describe, expect, it } from 'vitest';
import { type Mishap, parseMishap } from '../../src/spec/mishap.ts';
import { parseRange } from '../../src/spec/range.ts';

const MINUTE_MS = 60_000;

type WithoutText<M> = M extends Mishap ? Omit<M, 'text'> : never;

describe('a mishap', () => {
  it.each<[string, WithoutText<Mishap>]>([
    ['node:1@10m', { kind: 'node', nodes: 1, atMs: 10 * MINUTE_MS }],
    ['node:2@10m+20m', { kind: 'node', nodes: 2, atMs: 10 * MINUTE_MS, forMs: 20 * MINUTE_MS }],
    ['lost-node:gpu-3@90s', { kind: 'lost-node', nodes: 'gpu-3', atMs: 90_000 }],
    ['crash:5%', { kind: 'crash', pods: { share: 0.05 } }],
    ['never-ready:2', { kind: 'never-ready', pods: { count: 2 } }],
    ['image:1', { kind: 'image', pods: { count: 1 } }],
    ['unready:10%@5m', { kind: 'unready', pods: { share: 0.1 }, afterMs: 5 * MINUTE_MS }],
    ['delete:3@1h30m', { kind: 'delete', pods: 3, atMs: 90 * MINUTE_MS }],
    ['quota:0@1s', { kind: 'quota', pods: 0, atMs: 1000 }],
  ])('%s is understood', (text, mishap) => {
    expect(parseMishap(text)).toEqual({ text, ...mishap });
  });

  it.each([
    ['nodes:1@10m', 'did you mean node?'],
    [
      'fire',
      '"fire" cannot go wrong; give one of node, lost-node, never-ready, crash, image, unready, delete or quota',
    ],
    ['node', 'give node:1@10m, node:1@10m+20m or node:NAME@10m'],
    ['node:1', 'give node:1@10m'],
    ['node:0@10m', 'give node:1@10m'],
    ['node:1@10', 'give node:1@10m'],
    ['node:1@10m+', 'give node:1@10m'],
    ['node:Node@10m', 'give node:1@10m'],
    ['crash:5%@10m', 'give crash:1 or crash:5%'],
    ['crash:0%', 'give crash:1 or crash:5%'],
    ['crash:5%+1m', 'give crash:1 or crash:5%'],
    ['unready:10%', 'give unready:1@5m or unready:10%@5m'],
    ['delete:3', 'give delete:2@10m'],
    ['delete:5%@10m', 'give delete:2@10m'],
    ['quota:-1@10m', 'give quota:40@10m'],
    ['', 'cannot go wrong'],
  ])('%j is refused, with what it takes', (text, message) => {
    expect(() => parseMishap(text)).toThrow(message);
  });
});

describe('a range of times', () => {
  it('is one time, or two', () => {
    expect(parseRange('8m')).toEqual({ fromMs: 8 * MINUTE_MS, toMs: 8 * MINUTE_MS });
    expect(parseRange('4m..12m')).toEqual({ fromMs: 4 * MINUTE_MS, toMs: 12 * MINUTE_MS });
  });

  it.each([
    ['12m..4m', '"12m..4m" ends before it begins; give 4m..12m'],
    ['4m..', 'is no duration'],
    ['..4m', 'is no duration'],
    ['1m..2m..3m', 'has more than two ends'],
    ['8', 'has no unit'],
  ])('%j is refused', (text, message) => {
    expect(() => parseRange(text)).toThrow(message);
  });
});
