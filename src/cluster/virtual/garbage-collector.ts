import type { ApiServer } from './api-server.ts';
import { keyOf, refOf } from './key.ts';
import { ownerOf } from './objects.ts';
import type { Plane } from './plane.ts';
import { WorkQueue } from './work-queue.ts';

/** Deletes what belonged to a Deployment or ReplicaSet that is gone, in the background. */
export class GarbageCollector {
  readonly queue: WorkQueue;

  constructor(plane: Plane, api: ApiServer) {
    const sets = new WorkQueue(plane, (key) => {
      for (const set of plane.store.of('replicasets').in(refOf(key).namespace)) {
        if (ownerOf(set)?.uid === refOf(key).name) api.remove('replicasets', set.metadata);
      }
    });
    this.queue = new WorkQueue(plane, (key) => {
      for (const pod of plane.store.of('pods').in(refOf(key).namespace)) {
        if (ownerOf(pod)?.uid === refOf(key).name) api.remove('pods', pod.metadata);
      }
    });
    plane.store.of('deployments').subscribe(({ type, object }) => {
      if (type === 'DELETED') sets.add(ownedBy(object.metadata));
    });
    plane.store.of('replicasets').subscribe(({ type, object }) => {
      if (type === 'DELETED') this.queue.add(ownedBy(object.metadata));
    });
  }
}

/** Owners are known by their uid: one of the same name may be there again. */
const ownedBy = ({ namespace, uid = '' }: { readonly namespace: string; readonly uid?: string }): string =>
  keyOf({ metadata: { namespace, name: uid } });
