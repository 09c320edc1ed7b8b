import { describe, expect, it } from 'vitest';
import { LiveCopy } from '../../src/cluster/kubernetes/live-copy.ts';
import { bookmark, object } from './fixtures.ts';

type Item = ReturnType<typeof object>;

const event = (type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, version: number) => ({
  type,
  object: object(name, version),
});

const marked = (version: number) => ({ type: 'BOOKMARK', object: bookmark(version).object }) as const;

/** A copy at version 20 of two objects. */
const copyAt20 = (): LiveCopy<Item> => {
  const copy = new LiveCopy<Item>();
  copy.takeList([object('a', 10), object('b', 20)], '20', undefined);
  return copy;
};

const changesOf = (copy: LiveCopy<Item>): readonly string[] =>
  copy
    .takeChanges()
    .map(({ object: { metadata }, isGone }) => `${isGone ? '-' : '+'}${metadata.name}@${metadata.resourceVersion}`);

const named = (name: string, version: number, uid: string): Item => {
  const item = object(name, version);
  return { ...item, metadata: { ...item.metadata, uid } };
};

const contentOf = (copy: LiveCopy<Item>): string =>
  `${copy.version}: ${copy.objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join(' ')}`;

describe('a live copy', () => {
  it.each([
    ['an object comes', event('ADDED', 'c', 21), true, '21: a@10 b@20 c@21'],
    ['an object changes', event('MODIFIED', 'a', 21), true, '21: a@21 b@20'],
    ['an object goes', event('DELETED', 'a', 21), true, '21: b@20'],
    ['an object that it does not know goes', event('DELETED', 'c', 21), false, '21: a@10 b@20'],
    ['a bookmark', marked(25), false, '25: a@10 b@20'],
    ['a change that it has seen', event('MODIFIED', 'a', 15), false, '20: a@10 b@20'],
    ['a deletion before the list, of a name that is used again', event('DELETED', 'b', 18), false, '20: a@10 b@20'],
    ['the same once more', event('MODIFIED', 'b', 20), false, '20: a@10 b@20'],
  ])('at 20: %s', (_, taken, changed, content) => {
    const copy = copyAt20();
    expect(copy.takeEvent(taken)).toBe(changed);
    expect(contentOf(copy)).toBe(content);
  });

  it('compares versions as numbers', () => {
    const copy = new LiveCopy<Item>();
    copy.takeList([object('a', 9)], '9', undefined);
    expect(copy.takeEvent(event('MODIFIED', 'a', 10))).toBe(true);
    expect(copy.takeEvent(event('MODIFIED', 'a', 9))).toBe(false);
    expect(contentOf(copy)).toBe('10: a@10');
  });

  it('takes a newer list whole', () => {
    const copy = copyAt20();
    expect(copy.takeList([object('b', 22), object('c', 21)], '30', '20')).toBe('changed');
    expect(contentOf(copy)).toBe('30: b@22 c@21');
  });

  it('says so when a newer list tells nothing new', () => {
    const copy = copyAt20();
    const before = copy.objects;
    expect(copy.takeList([object('b', 20), object('a', 10)], '30', '20')).toBe('unchanged');
    expect(copy.version).toBe('30');
    expect(copy.objects).toBe(before);
  });

  it('sees that an object was replaced by one of the same name', () => {
    const copy = copyAt20();
    const again = { metadata: { ...object('a', 10).metadata, uid: 'another' } };
    expect(copy.takeList([again, object('b', 20)], '30', '20')).toBe('changed');
  });

  it('leaves aside a list that its watch has overtaken', () => {
    const copy = copyAt20();
    copy.takeEvent(event('DELETED', 'a', 25));
    copy.takeEvent(event('ADDED', 'c', 26));
    expect(copy.takeList([object('a', 10), object('b', 20)], '24', '20')).toBe('unchanged');
    expect(contentOf(copy)).toBe('26: b@20 c@26');
  });

  it('goes back with a cluster that was restored from a backup', () => {
    const copy = copyAt20();
    expect(copy.takeList([object('a', 3)], '5', '20')).toBe('went-back');
    expect(contentOf(copy)).toBe('5: a@3');
    expect(copy.takeEvent(event('MODIFIED', 'a', 6))).toBe(true);
  });

  it('tells what has changed since it was last asked', () => {
    const copy = copyAt20();
    expect(changesOf(copy)).toEqual(['+a@10', '+b@20']);
    copy.takeEvent(event('MODIFIED', 'a', 21));
    copy.takeEvent(event('DELETED', 'b', 22));
    copy.takeEvent(event('DELETED', 'b', 22));
    expect(changesOf(copy)).toEqual(['+a@21', '-b@22']);
    copy.takeList([object('c', 25), object('a', 21)], '30', '22');
    expect(changesOf(copy)).toEqual(['+c@25']);
    copy.takeList([object('c', 26)], '31', '30');
    expect(changesOf(copy)).toEqual(['-a@21', '+c@26']);
    expect(changesOf(copy)).toEqual([]);
  });

  it('tells the end of an object whose name is used again, by a list and by an event', () => {
    const copy = new LiveCopy<Item>();
    copy.takeList([named('a', 10, 'first')], '10', undefined);
    copy.takeEvent({ type: 'MODIFIED', object: named('a', 11, 'second') });
    copy.takeList([named('a', 12, 'third')], '12', '11');
    expect(
      copy.takeChanges().map(({ object: { metadata }, isGone }) => `${isGone ? '-' : '+'}${metadata.uid}`),
    ).toEqual(['+first', '-first', '+second', '-second', '+third']);
  });
});
