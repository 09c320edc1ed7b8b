import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/spec/nearest.ts';

describe('the word that was meant', () => {
  it.each([
    ['tagret', ['deployment', 'target'], 'target'],
    ['TARGET', ['target'], 'target'],
    ['maxPod', ['minReady', 'maxPods'], 'maxPods'],
    ['deploymnt', ['deployment'], 'deployment'],
    ['xmode', ['mode', 'main'], 'mode'],
    ['mian', ['grey', 'main'], 'main'],
    ['gery', ['gray', 'grey'], 'grey'],
    ['md', ['mode', 'my'], 'my'],
    ['xain', ['main', 'rain'], 'main'],
    ['a'.repeat(40), ['a'.repeat(41)], 'a'.repeat(41)],
  ])('by %s of %j is %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it.each([
    ['replicas', ['target', 'deployment', 'namespace']],
    ['fast', ['batch', 'window']],
    ['abc', ['xyc']],
    ['abcdef', ['abcxyz']],
    ['mianxy', ['main']],
    ['', ['main']],
    ['a'.repeat(41), ['a'.repeat(41)]],
  ])('by %s of %j is none', (word, candidates) => {
    expect(nearest(word, candidates)).toBeUndefined();
  });
});
