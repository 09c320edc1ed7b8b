import type { ObjectRef } from '../port.ts';

/** A namespace and a name in one word, for queues and maps. Neither can hold a slash. */
export const keyOf = ({ metadata }: { readonly metadata: ObjectRef }): string =>
  `${metadata.namespace}/${metadata.name}`;

export const refOf = (key: string): ObjectRef => {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};
