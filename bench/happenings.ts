import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fromJson } from '../test/cluster/json.ts';
import type { ExtraFlags } from '../test/cluster/programs.ts';

/** Starts a plane with the audit log that is read here. */
export const AUDITED: ExtraFlags = {
  apiserver: [`--audit-policy-file=${join(import.meta.dirname, 'audit-policy.yaml')}`],
};

/** What happened to a Deployment or a pod of it, and when, by the clock of the API server; `name` is the Deployment's. */
export type Happening = { readonly atMs: number; readonly name: string } & (
  | { readonly what: 'placed' | 'ready' | 'deleted' | 'gone'; readonly pod: string }
  /** Its replicas were set. */
  | { readonly what: 'asked'; readonly replicas: number }
  /** Its status was written by Kubernetes' own controller. */
  | { readonly what: 'shown'; readonly ready: number }
);

type Entry = {
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: {
    readonly status?: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly readyReplicas?: number;
    };
  };
  readonly responseObject?: { readonly spec?: { readonly replicas?: number } };
};

/**
 * Reads the audit log of an AUDITED plane: what happened in a namespace, in order. What the
 * server did counts from when it had done it, what was asked of it from when it came in.
 */
export const happeningsIn = async (auditLog: string, namespace: string): Promise<readonly Happening[]> => {
  const happenings: Happening[] = [];
  const known = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    // To take each line apart would take minutes.
    const happening = line.includes(namespace) ? happeningOf(fromJson<Entry>(line)) : undefined;
    if (happening === undefined) continue;
    // Nothing happens to a pod twice; what says so once more is a later state of it.
    const once = 'pod' in happening ? `${happening.what} ${happening.pod}` : '';
    if (once !== '' && known.has(once)) continue;
    known.add(once);
    happenings.push(happening);
  }
  return happenings.toSorted((a, b) => a.atMs - b.atMs);
};

const happeningOf = (entry: Entry): Happening | undefined => {
  const { stage, verb, user, objectRef, responseStatus, requestObject, responseObject } = entry;
  const { code = 0 } = responseStatus ?? {};
  if (stage !== 'ResponseComplete' || code < 200 || code > 299) return undefined;
  const { name = '' } = objectRef ?? {};
  const doneMs = msOf(entry.stageTimestamp);
  const cameMs = msOf(entry.requestReceivedTimestamp);
  const ofPod = { atMs: doneMs, name: deploymentOf(name), pod: name };
  switch (`${user.username} ${verb} ${[objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/')}`) {
    case 'scheduler create pods/binding':
      return { ...ofPod, what: 'placed' };
    case 'kwok patch pods/status': {
      const ready = requestObject?.status?.conditions?.find(({ type }) => type === 'Ready');
      return ready?.status === 'True' ? { ...ofPod, what: 'ready' } : undefined;
    }
    case 'kcm delete pods':
      return { ...ofPod, what: 'deleted' };
    case 'kwok delete pods':
      return { ...ofPod, what: 'gone' };
    case 'kcm update deployments/status': {
      return { atMs: cameMs, name, what: 'shown', ready: requestObject?.status?.readyReplicas ?? 0 };
    }
    case 'cli patch deployments/scale':
      // JSON leaves out a 0.
      return { atMs: cameMs, name, what: 'asked', replicas: responseObject?.spec?.replicas ?? 0 };
    default:
      return undefined;
  }
};

/** "model-v2-6d4b75cb6d-x7k2p" is a pod of the Deployment "model-v2". */
const deploymentOf = (pod: string): string => pod.replace(/-[^-]+-[^-]+$/, '');

/** With the microseconds, which a Date has no place for. */
const msOf = (time: string): number => Date.parse(time) + Number(time.slice(23, 26)) / 1000;
