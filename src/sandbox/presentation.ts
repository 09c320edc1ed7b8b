import type { ListMeta } from './chunks.ts';
import { COLUMNS } from './columns.ts';
import type { StoredObject } from './history.ts';
import { type ServedKind, typeMetaOf } from './resources.ts';

/** How objects of a kind are written into an answer. */
export type Presentation = {
  readonly object: (object: StoredObject) => object;
  readonly list: (items: readonly StoredObject[], metadata: ListMeta) => object;
  /** In a watch: how far it has told. `isBegun` says that what there was at the beginning has been told. */
  readonly bookmark: (resourceVersion: string, isBegun: boolean) => object;
};

/** kubectl asks for a table to show, anybody else for the objects. */
export const presentationOf = (
  kind: ServedKind,
  accept: string,
  query: URLSearchParams,
  now: () => number,
): Presentation =>
  /;as=Table\b/.test(accept) ? tables(kind, query.get('includeObject') ?? 'Metadata', now) : objects(kind);

const objects = (kind: ServedKind): Presentation => {
  const type = typeMetaOf(kind);
  return {
    object: (object) => ({ ...type, ...bare(object) }),
    list: (items, metadata) => ({
      kind: `${type.kind}List`,
      apiVersion: type.apiVersion,
      metadata,
      items: items.map(bare),
    }),
    bookmark: (resourceVersion, isBegun) => ({
      ...type,
      metadata: { resourceVersion, ...(isBegun && { annotations: { 'k8s.io/initial-events-end': 'true' } }) },
    }),
  };
};

const tables = (kind: ServedKind, include: string, now: () => number): Presentation => {
  const columns = COLUMNS[kind];
  const rowOf = (object: StoredObject): object => ({
    cells: columns.map(({ cell }) => cell(object, now())),
    object:
      include === 'Object'
        ? { ...typeMetaOf(kind), ...bare(object) }
        : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: bare(object).metadata },
  });
  const table = (rows: readonly object[], metadata: Partial<ListMeta>): object => ({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, priority }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows,
  });
  return {
    object: (object) => {
      const { resourceVersion } = object.metadata;
      return table([rowOf(object)], resourceVersion === undefined ? {} : { resourceVersion });
    },
    list: (items, metadata) => table(items.map(rowOf), metadata),
    bookmark: (resourceVersion) => table([], { resourceVersion }),
  };
};

/** What is in no namespace says none. */
const bare = (object: StoredObject): { readonly metadata: object } => {
  const { namespace, ...metadata } = object.metadata;
  return namespace === '' ? { ...object, metadata } : object;
};
