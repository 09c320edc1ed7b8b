import { describe, expect, it } from 'vitest';
import { errorText } from '../../src/output/error-text.ts';

const frame = { program: 'dupgrade', exitCode: 2, json: false, verbosity: 0 } as const;

describe('an error', () => {
  it('is said in its own sentence, and its stack stays away', () => {
    expect(errorText(new Error('shop.yaml:7:14 step must be at least 1'), { ...frame, verbosity: 1 })).toBe(
      'error: shop.yaml:7:14 step must be at least 1\n',
    );
  });

  it('keeps the lines of its message and shows nothing that is not printable', () => {
    expect(errorText(new Error('two problems:\n  one\u001B[2J\n  two'), frame)).toBe(
      'error: two problems:\n  one\\u001b[2J\n  two\n',
    );
  });

  it('is one JSON object on request', () => {
    const text = errorText(new Error('anna may not do "that"\nhere'), {
      ...frame,
      exitCode: 7,
      reason: 'denied',
      json: true,
    });
    expect(text).toBe(
      '{"type":"error","message":"anna may not do \\"that\\"\\nhere","exitCode":7,"reason":"denied"}\n',
    );
  });

  it('asks for a report where the fault is ours', () => {
    expect(errorText(new TypeError('x is not a function'), { ...frame, exitCode: 1 })).toBe(
      'error: x is not a function\n' +
        'This is a fault of dupgrade itself. Please report it, with what it prints when run again with -v.\n',
    );
  });

  it('shows the stack of a fault of ours with -v', () => {
    const error = new TypeError('x is not a function');
    error.stack = 'TypeError: x is not a function\n    at run (run.ts:1:1)\u001B';
    expect(errorText(error, { ...frame, exitCode: 1, verbosity: 1 })).toBe(
      'error: x is not a function\n' +
        'This is a fault of dupgrade itself. Please report it with the following:\n' +
        'TypeError: x is not a function\n    at run (run.ts:1:1)\\u001b\n',
    );
  });

  it('says something even of what is no error or says nothing', () => {
    expect(errorText('plain text', frame)).toBe('error: plain text\n');
    expect(errorText(new Error(''), frame)).toBe('error: something went wrong that has no name\n');
  });
});
