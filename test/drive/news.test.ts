/** What wakes a driver: what a turn of it looks at, and nothing that only a status says. */
import { describe, expect, it } from 'vitest';
import type { Condition, Deployment, ReplicaSet } from '../../src/cluster/port.ts';
import { lookedAtOfDeployment, lookedAtOfReplicaSet, News } from '../../src/drive/news.ts';

const deployment = (version: number, generation: number, annotations = {}): Deployment => ({
  metadata: { namespace: 'shop', name: 'main', uid: 'd', resourceVersion: String(version), generation, annotations },
  spec: { selector: {}, template: {} },
});

const replicaSet = (version: number, annotations = {}, conditions: readonly Condition[] = []): ReplicaSet => ({
  metadata: { namespace: 'shop', name: 'main-1', uid: 'r', resourceVersion: String(version), annotations },
  spec: { replicas: version },
  status: { replicas: version, conditions },
});

const REVISION = { 'deployment.kubernetes.io/revision': '2' };
const FAILURE = { type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' };

const there = <T>(object: T) => [{ object, isGone: false }];

describe('news of a Deployment', () => {
  it('is its first sight, another generation, another revision, and its end', () => {
    const news = new News(lookedAtOfDeployment);
    expect(news.isIn(there(deployment(1, 1)))).toBe(true);
    expect(news.isIn(there(deployment(2, 2)))).toBe(true);
    expect(news.isIn(there(deployment(3, 2, REVISION)))).toBe(true);
    expect(news.isIn([{ object: deployment(3, 2, REVISION), isGone: true }])).toBe(true);
    expect(news.isIn(there(deployment(3, 2, REVISION)))).toBe(true);
  });

  it('is not a new status, nor what this process wrote itself', () => {
    const news = new News(lookedAtOfDeployment);
    news.isIn(there(deployment(1, 1)));
    expect(news.isIn(there(deployment(2, 1)))).toBe(false);
    news.know(deployment(3, 2));
    expect(news.isIn([...there(deployment(3, 2)), ...there(deployment(4, 2))])).toBe(false);
    expect(news.isIn([...there(deployment(5, 3)), ...there(deployment(6, 3))])).toBe(true);
  });
});

describe('news of a ReplicaSet', () => {
  it('is its revision, and whatever it says while it fails to make pods, but not its counts', () => {
    const news = new News(lookedAtOfReplicaSet);
    expect(news.isIn(there(replicaSet(1)))).toBe(true);
    expect(news.isIn(there(replicaSet(2)))).toBe(false);
    expect(news.isIn(there(replicaSet(3, REVISION)))).toBe(true);
    expect(news.isIn(there(replicaSet(4, REVISION, [FAILURE])))).toBe(true);
    expect(news.isIn(there(replicaSet(5, REVISION, [FAILURE])))).toBe(true);
    expect(news.isIn(there(replicaSet(6, REVISION)))).toBe(true);
    expect(news.isIn(there(replicaSet(7, REVISION)))).toBe(false);
  });
});
