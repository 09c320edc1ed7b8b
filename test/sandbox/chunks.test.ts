import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { ask, sandboxOf } from './given.ts';

const MAPS = '/api/v1/namespaces/serving/configmaps';

const make = async (sandbox: Sandbox, name: string): Promise<void> => {
  const body = { metadata: { name, labels: { kept: 'yes' } }, data: { state: 'new' } };
  expect((await ask(sandbox, MAPS, { method: 'POST', body })).code).toBe(201);
};

/** What a chunk says, with its objects as "name state". */
const chunk = async (sandbox: Sandbox, query: Readonly<Record<string, string>>) => {
  const { code, body } = await ask(sandbox, `${MAPS}?${new URLSearchParams(query).toString()}`);
  const items = (body.items ?? []) as readonly { metadata: { name: string }; data: { state: string } }[];
  const metadata = body.metadata as { resourceVersion: string; continue?: string; remainingItemCount?: number };
  return { code, body, metadata, shown: items.map(({ metadata: { name }, data }) => `${name} ${data.state}`) };
};

describe('a list of the sandbox in chunks', () => {
  it('is in the order of names, says how to go on and how many are left, and ends', async () => {
    const sandbox = await sandboxOf();
    for (const name of ['c', 'a', 'e', 'b', 'd']) await make(sandbox, name);
    const first = await chunk(sandbox, { limit: '2' });
    expect(first.shown).toEqual(['a new', 'b new']);
    expect(first.metadata.remainingItemCount).toBe(3);
    const second = await chunk(sandbox, { limit: '2', continue: first.metadata.continue ?? '' });
    expect(second.shown).toEqual(['c new', 'd new']);
    const third = await chunk(sandbox, { limit: '2', continue: second.metadata.continue ?? '' });
    expect(third.shown).toEqual(['e new']);
    expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect((await chunk(sandbox, {})).shown).toHaveLength(5);
    expect((await chunk(sandbox, { limit: '0' })).shown).toHaveLength(5);
    const selected = await chunk(sandbox, { limit: '2', labelSelector: 'kept=yes' });
    expect(Object.keys(selected.metadata).toSorted()).toEqual(['continue', 'resourceVersion']);
  });

  it('is of the moment of its first chunk, whatever happens between two', async () => {
    const sandbox = await sandboxOf();
    for (const name of ['a', 'b', 'c', 'd']) await make(sandbox, name);
    const first = await chunk(sandbox, { limit: '1' });
    const changed = { metadata: { name: 'b' }, data: { state: 'changed' } };
    expect((await ask(sandbox, `${MAPS}/b`, { method: 'PUT', body: changed })).code).toBe(200);
    expect((await ask(sandbox, `${MAPS}/c`, { method: 'DELETE' })).code).toBe(200);
    await make(sandbox, 'bb');
    const rest = await chunk(sandbox, { continue: first.metadata.continue ?? '' });
    expect(rest.shown).toEqual(['b new', 'c new', 'd new']);
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect((await chunk(sandbox, {})).shown).toEqual(['a new', 'b changed', 'bb new', 'd new']);
  });

  it('is refused with 410 where that moment is forgotten, and with 400 where nothing is known of it', async () => {
    const sandbox = await sandboxOf({ history: 2 });
    for (const name of ['a', 'b']) await make(sandbox, name);
    const first = await chunk(sandbox, { limit: '1' });
    const token = first.metadata.continue ?? '';
    expect((await chunk(sandbox, { limit: '1', continue: token })).shown).toEqual(['b new']);
    for (const name of ['c', 'd', 'e', 'f', 'g', 'h']) await make(sandbox, name);
    const late = await chunk(sandbox, { limit: '1', continue: token });
    expect(late.body).toMatchObject({ kind: 'Status', reason: 'Expired', code: 410 });
    for (const query of [{ continue: 'nothing' }, { continue: token, resourceVersion: '5' }, { limit: 'x' }]) {
      expect((await chunk(sandbox, query)).code).toBe(400);
    }
  });

  it('goes to kubectl as tables', async () => {
    const sandbox = await sandboxOf();
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const pods = '/api/v1/namespaces/serving/pods?limit=4';
    const { body } = await ask(sandbox, pods, { headers: { accept } });
    expect(body.rows).toHaveLength(4);
    expect(body.metadata).toMatchObject({ remainingItemCount: 2, continue: expect.any(String) });
  });
});
