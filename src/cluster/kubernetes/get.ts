import { ClusterError, type Kind, type Kinds, type ObjectRef } from '../port.ts';
import type { Requests } from './requests.ts';
import { isOfKind, objectPath } from './resources.ts';

/** The object, or undefined where there is none. Rejects with a ClusterError. */
export const getObject = async <K extends Kind>(
  requests: Requests,
  kind: K,
  { namespace, name }: ObjectRef,
): Promise<Kinds[K] | undefined> => {
  const path = objectPath(kind, { namespace, name });
  try {
    return await requests.send(
      { method: 'GET', path, intent: { verb: 'get', resource: kind, namespace, name } },
      isOfKind(kind),
    );
  } catch (error) {
    if (error instanceof ClusterError && error.fault === 'not-found') return undefined;
    throw error;
  }
};
