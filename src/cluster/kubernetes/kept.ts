import type { Kind, Kinds, Selection } from '../port.ts';
import { isJson } from './json.ts';
import { isOfKind } from './resources.ts';

/** What of an object is kept: all of it, or these fields of it (of each, in a list of them). */
type Shape = true | { readonly [field: string]: Shape };

const META: Shape = {
  namespace: true,
  name: true,
  uid: true,
  resourceVersion: true,
  generation: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  deletionGracePeriodSeconds: true,
  labels: true,
  annotations: true,
  ownerReferences: { uid: true, kind: true, name: true, controller: true },
  finalizers: true,
};

const CONDITION: Shape = { type: true, status: true, reason: true, message: true, lastTransitionTime: true };

const STATE: Shape = {
  waiting: { reason: true, message: true },
  running: { startedAt: true },
  terminated: { exitCode: true, reason: true, message: true, startedAt: true, finishedAt: true },
};

const CONTAINER: Shape = { name: true, ready: true, restartCount: true, started: true, state: STATE, lastState: STATE };

const REQUESTS: Shape = { name: true, image: true, resources: { requests: true, limits: true }, restartPolicy: true };

const POD: { readonly [field: string]: Shape } = {
  metadata: META,
  spec: { nodeName: true },
  status: {
    phase: true,
    reason: true,
    message: true,
    conditions: CONDITION,
    initContainerStatuses: CONTAINER,
    containerStatuses: CONTAINER,
  },
};

/** With the requests, for who counts what is free. */
const POD_WITH_REQUESTS: Shape = {
  ...POD,
  spec: { nodeName: true, containers: REQUESTS, initContainers: REQUESTS, overhead: true },
};

/**
 * There may be thousands of pods, of many kB each, of which the port's types name a few hundred bytes. Of a Deployment
 * nothing is left out: its managedFields say who wrote its replicas.
 */
const SHAPES: Readonly<Partial<Record<Kind, Shape>>> = {
  pods: POD,
  events: {
    metadata: META,
    involvedObject: true,
    type: true,
    reason: true,
    message: true,
    source: true,
    reportingComponent: true,
    reportingInstance: true,
    firstTimestamp: true,
    lastTimestamp: true,
    count: true,
    eventTime: true,
    series: true,
  },
  nodes: {
    metadata: META,
    spec: { unschedulable: true, taints: true },
    status: { allocatable: true, conditions: CONDITION },
  },
  replicasets: {
    metadata: META,
    spec: { replicas: true },
    status: { replicas: true, observedGeneration: true, conditions: CONDITION },
  },
};

/** The part of a listed or followed object that is kept in memory. */
export const kept = <K extends Kind>(kind: K, object: Kinds[K], { requests = false }: Selection): Kinds[K] => {
  const shape = kind === 'pods' && requests ? POD_WITH_REQUESTS : SHAPES[kind];
  const part = only(object, shape ?? true);
  return isOfKind(kind)(part) ? part : object;
};

const only = (value: unknown, shape: Shape): unknown => {
  if (shape === true) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => only(each, shape));
  if (!isJson(value)) return value;
  const fields = Object.entries(shape).filter(([field]) => value[field] !== undefined);
  return Object.fromEntries(fields.map(([field, inner]) => [field, only(value[field], inner)]));
};
