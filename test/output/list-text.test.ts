import { describe, expect, it } from 'vitest';
import { renderList } from '../../src/output/list-text.ts';
import type { UpgradeStatus } from '../../src/upgrade/status.ts';
import { after, STATUS } from './samples.ts';

const { driver: _, standing: __, ...rest } = STATUS;
const GONE: UpgradeStatus = { ...rest, name: 'a-much-longer-name', namespace: 'shop', state: 'stopped' };
const frame = { now: after(90_000), unicode: true, allNamespaces: false };

describe('the list of upgrades', () => {
  it('is a table as kubectl prints them', () => {
    expect(renderList([STATUS, GONE], frame).split('\n')).toEqual([
      'NAME                 STATE     MAIN       GREY     MODE               AGE     DRIVER',
      'llama-v2             running   27/27→18   1/3→12   scaleOutPriority   1d01h   anna@laptop 4711',
      'a-much-longer-name   stopped   ?/?→18     ?/?→12   scaleOutPriority   1d01h   <none>',
      '',
    ]);
  });

  it('says the namespaces when it is of all of them', () => {
    expect(renderList([STATUS, GONE], { ...frame, unicode: false, allNamespaces: true }).split('\n')).toEqual([
      'NAMESPACE   NAME                 STATE     MAIN        GREY      MODE               AGE     DRIVER',
      'serving     llama-v2             running   27/27->18   1/3->12   scaleOutPriority   1d01h   anna@laptop 4711',
      'shop        a-much-longer-name   stopped   ?/?->18     ?/?->12   scaleOutPriority   1d01h   <none>',
      '',
    ]);
  });

  it('says that there are none', () => {
    expect(renderList([], frame)).toBe('No upgrades found.\n');
  });
});
