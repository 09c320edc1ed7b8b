// What a test against the cluster begins with. Each is taken away again after the test that asked for it.
import { inject, onTestFinished } from 'vitest';
import { AuditLog } from './audit.ts';
import { CountTrace } from './count-trace.ts';
import { Judge } from './judge.ts';
import { Plane } from './plane.ts';
import type { RestClient } from './rest.ts';
import type { PlaneUser } from './users.ts';
import { TestNamespace } from './workload.ts';

/** The plane of the run. */
export const plane = new Plane(inject('plane'));

/** A client of the test's own. */
export const clientOf = (user: PlaneUser, on = plane): RestClient => {
  const client = on.client(user);
  onTestFinished(() => client.close());
  return client;
};

/** A namespace of the test's own. */
export const freshNamespace = async (on = plane): Promise<TestNamespace> => {
  const namespace = await TestNamespace.make(clientOf('admin', on));
  onTestFinished(() => namespace.delete());
  return namespace;
};

/** A judge who watches a namespace from now on. */
export const judgeOf = async (namespace: TestNamespace): Promise<Judge> => {
  const judge = await Judge.of(namespace);
  onTestFinished(() => judge.close());
  return judge;
};

/** What both Deployments of a namespace are asked for from now on. */
export const countTraceOf = async (namespace: TestNamespace): Promise<CountTrace> => {
  const trace = await CountTrace.of(namespace);
  onTestFinished(() => trace.close());
  return trace;
};

export const auditLog = (): AuditLog => new AuditLog(plane.auditLog);
