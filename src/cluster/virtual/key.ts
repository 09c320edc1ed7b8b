import type { ObjectRef } from '../port.ts';

/** A namespace and a name in one word, for queues and maps. Neither can hold a slash. */
export const keyOf = ({ metadata }: { readonly metadata: ObjectRef }): string =>
  `${metadata.namespace}/${metadata.name}`;

/**
 * Of an object that is there once: it is the same text in all versions of it, so that a map has it hashed already, where a
 * namespace and a name would be put together and hashed for each change of ten thousand pods.
 */
export const uidOf = ({ metadata }: { readonly metadata: { readonly uid?: string } }): string => metadata.uid ?? '';

export const refOf = (key: string): ObjectRef => {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};
