import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../docs/generated.ts';
import { eventJsonSchema } from '../../src/output/event-schema.ts';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { specJsonSchema } from '../../src/spec/json-schema.ts';
import { dupgrade, sandboxOf, scenarioOf, specOf } from '../sandbox/given.ts';
import { runCli } from '../support/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const checked = (schema: object) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { 'date-time': true } });
  const validate = ajv.compile(schema);
  return (value: unknown): string => (validate(value) ? '' : ajv.errorsText(validate.errors));
};

/** The same schema, but without leave for a field that it does not name. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closed(part)]));
  return 'properties' in schema ? { ...parts, additionalProperties: false } : parts;
};

const yamlFiles = (folder: string) => readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.yaml'));

describe('files that are made from the program', () => {
  it('are what the program would make of them now: else `npm run generate`', { timeout: 20_000 }, async () => {
    for (const [path, text] of await generatedFiles()) expect(read(path), path).toBe(text);
  });

  it('are printed by the program', { timeout: 20_000 }, async () => {
    for (const [command, path] of [
      ['schema', 'docs/schema/spec.json'],
      ['schema events', 'docs/schema/events.json'],
      ['schema scenario', 'docs/schema/scenario.json'],
      ['completion bash', 'completions/dupgrade.bash'],
      ['completion powershell', 'completions/dupgrade.powershell'],
    ] as const) {
      const cli = runCli(command.split(' '));
      expect((await cli.exit).code, command).toBe(0);
      expect(cli.stdout).toBe(read(path));
    }
  });
});

describe('the schema of a spec file', () => {
  const faultOf = checked(specJsonSchema());
  const example = (change: object): unknown => {
    const file = parse(read('examples/llm-keep-capacity.yaml')) as { spec: object };
    return { ...file, spec: { ...file.spec, ...change } };
  };

  it.each(yamlFiles('examples').filter((file) => file !== 'rbac.yaml'))('takes examples/%s', (file) => {
    expect(faultOf(parse(read(`examples/${file}`)))).toBe('');
  });

  it.each([3, '10%', '2.5%', { main: 3, grey: '10%' }])('takes a step of %j', (step) => {
    expect(faultOf(example({ step }))).toBe('');
  });

  it.each([
    { step: 0 },
    { step: '0%' },
    { step: { main: 3 } },
    { mode: 'scaleOutPriorty' },
    { replicas: 3 },
    { main: { deployment: 'Llama', target: 0 } },
    { grey: { deployment: 'llama-v2', target: -1 } },
    { progressDeadline: '20' },
  ])('does not take %j', (change) => {
    expect(faultOf(example(change))).not.toBe('');
  });
});

describe('the schema of a scenario', () => {
  const faultOf = checked(scenarioJsonSchema());

  it.each(yamlFiles('examples/scenarios'))('takes examples/scenarios/%s', (file) => {
    expect(faultOf(parse(read(`examples/scenarios/${file}`)))).toBe('');
  });

  it('does not take a spec file', () => {
    expect(faultOf(parse(read('examples/llm-keep-capacity.yaml')))).not.toBe('');
  });
});

describe('the schema of events', { timeout: 30_000 }, () => {
  const faultOf = checked(closed(eventJsonSchema()) as object);
  const eventsOf = (text: string): { type: string }[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string })
      // The answer of the command itself is no event.
      .filter(({ type }) => type !== 'command');

  it.each([
    ['that reaches its targets', [], 'reached'],
    ['that gets stuck', [{ kind: 'crash-loop', pods: [2] } as const], 'stuck'],
  ])('describes all fields of all events of a run %s', async (_, failures, outcome) => {
    const sandbox = await sandboxOf({ scenario: scenarioOf(failures) });
    const cli = dupgrade(sandbox, ['start', '-', '-o', 'json', '-v'], specOf({ progressDeadline: '3s' }));
    await cli.exit;
    const events = eventsOf(cli.stdout);
    expect(events.filter((event) => faultOf(event) !== '')).toEqual([]);
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['started', 'note', 'observed', 'scaled', 'ended']),
    );
    expect(events.at(-1)).toMatchObject({ type: 'ended', outcome });
  });

  it('describes those of a run that is paused and goes on', async () => {
    // A pod that never becomes ready: however slow this machine is, the upgrade does not end before it is paused.
    const sandbox = await sandboxOf({ scenario: scenarioOf([{ kind: 'crash-loop', pods: [2] }]) });
    const spec = specOf({ progressDeadline: '1h' });
    const driver = dupgrade(sandbox, ['start', '-', '-o', 'json', '--on-hold', 'exit', '--no-fail-fast'], spec);
    await driver.line('"scaled"');
    await dupgrade(sandbox, ['pause', '-n', 'serving']).exit;
    expect((await driver.exit).code).toBe(4);
    const resumed = dupgrade(sandbox, ['resume', '-n', 'serving', '-o', 'json', '--timeout', '1s', '--no-fail-fast']);
    expect((await resumed.exit).code).toBe(5);
    const events = eventsOf(driver.stdout + resumed.stdout);
    expect(events.filter((event) => faultOf(event) !== '')).toEqual([]);
    expect(events.map(({ type }) => type)).toContain('held');
  });

  it('does not take an event of which a field is missing, or has another type', () => {
    const head = { time: '2026-11-23T10:00:00.000Z', upgrade: 'a', namespace: 'b' };
    expect(faultOf({ type: 'scaled', ...head, side: 'main', from: 3, to: 2 })).toBe('');
    expect(faultOf({ type: 'scaled', ...head, side: 'main', from: 3 })).not.toBe('');
    expect(faultOf({ type: 'scaled', ...head, side: 'middle', from: 3, to: 2 })).not.toBe('');
    expect(faultOf({ type: 'finished', ...head })).not.toBe('');
  });
});
