import { type Cluster, ClusterError, type CreatableKind, FIELD_MANAGER, type Kind, type ObjectRef } from '../port.ts';
import type { AccessReviews } from './access.ts';
import type { Call, Intent } from './call.ts';
import { follow } from './follow.ts';
import { getObject } from './get.ts';
import { isApiObject } from './json.ts';
import { listAll } from './list.ts';
import { plain } from './plain.ts';
import type { Requests } from './requests.ts';
import { collectionPath, isOfKind, objectPath, typeMetaOf } from './resources.ts';

/** The port, over an API server. */
export const kubernetesCluster = (requests: Requests, reviews: AccessReviews): Cluster => ({
  get: (kind, ref) => getObject(requests, kind, ref),

  list: async (kind, selection) => (await listAll(requests, kind, selection)).items,

  create: (kind, object) => {
    const { metadata } = object;
    const path = collectionPath(kind, metadata.namespace);
    return requests.send(write('POST', path, bodyOf(kind, object), about('create', kind, metadata)), isOfKind(kind));
  },

  replace: async (kind, object, mayWrite) => {
    const { metadata } = object;
    // Without it the server would overwrite whatever is there.
    if (metadata.resourceVersion === undefined) {
      throw new ClusterError('invalid', `To replace ${metadata.name} takes the version that is to be replaced.`);
    }
    const call = write('PUT', objectPath(kind, metadata), bodyOf(kind, object), about('update', kind, metadata));
    return requests.send({ ...call, ...(mayWrite && { mayWrite }) }, isOfKind(kind));
  },

  scale: async (ref, replicas, resourceVersion, mayWrite) => {
    const patch = { metadata: { resourceVersion }, spec: { replicas } };
    const path = `${objectPath('deployments', ref)}/scale`;
    const call = write('PATCH', path, patch, about('patch', 'deployments/scale', ref));
    const patchCall = { ...call, contentType: 'application/merge-patch+json', ...(mayWrite && { mayWrite }) };
    const scale = await requests.send(patchCall, isVersioned);
    return { resourceVersion: scale.metadata.resourceVersion };
  },

  log: async (pod, { container, previous, tailLines, limitBytes }) => {
    const text = await requests.text({
      method: 'GET',
      path: `${objectPath('pods', pod)}/log`,
      query: {
        container,
        previous: String(previous),
        tailLines: String(tailLines),
        limitBytes: String(limitBytes),
      },
      intent: about('get', 'pods/log', pod),
    });
    // A bar of progress is one line to its writer, written over and over again.
    return text
      .split(/[\r\n]+/)
      .map(plain)
      .filter((line) => line !== '')
      .slice(-tailLines);
  },

  follow: (kind, selection, changed) => follow(requests, kind, selection, changed),

  denied: (wanted) => reviews.denied(requests, wanted),
});

const about = (verb: Intent['verb'], resource: string, { namespace, name }: ObjectRef): Intent => ({
  verb,
  resource,
  namespace,
  name,
});

const write = (method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown, intent: Intent): Call => ({
  method,
  path,
  query: { fieldManager: FIELD_MANAGER },
  body,
  intent,
});

/** An object out of a list does not say of which type it is, but has to say so when it is written. */
const bodyOf = (kind: CreatableKind & Kind, object: object): unknown => ({ ...object, ...typeMetaOf(kind) });

const isVersioned = (value: unknown): value is { readonly metadata: { readonly resourceVersion: string } } =>
  isApiObject(value) && typeof value.metadata.resourceVersion === 'string';
