import { expect, it } from 'vitest';
import { clause, plain } from '../../src/cluster/kubernetes/plain.ts';

it.each([
  ['two\r\nlines\tand a  gap ', 'two lines and a gap'],
  ['\u001B[31mred\u0007\u009B31m', '[31mred 31m'],
  ['right\u202Eto left\u2066', 'right to left'],
  ['Authorization: Bearer abc.def-_~+/=', 'Authorization: Bearer …'],
  ['basic YWxpY2U6cHc=', 'basic …'],
  ['the token eyJhbGciOi.eyJzdWIi.c2ln is bad', 'the token … is bad'],
  ['https://alice:pw@proxy:3128/ refused', 'https://proxy:3128/ refused'],
  ['x'.repeat(501), `${'x'.repeat(500)}…`],
])('%j is said as %j', (text, said) => {
  expect(plain(text)).toBe(said);
});

it('a sentence that becomes a part of another loses its full stop', () => {
  expect(clause('must be at least 0. ')).toBe('must be at least 0');
});
