import type { ManagedFields, ObjectMeta } from '../port.ts';

/** The fields of a Deployment's spec of which it is known who wrote them. */
type Field = 'f:replicas' | 'f:template';

type Fields = Readonly<Record<string, unknown>>;

/** As the API server keeps it for an object that somebody made. */
export const madeBy = (manager: string, time: string): readonly ManagedFields[] => [
  { ...entryOf(manager, { 'f:replicas': {}, 'f:selector': {}, 'f:strategy': {}, 'f:template': {} }), time },
];

/** The managedFields after `manager` wrote the template: it owns it now. */
export const templateWrittenBy = ({ managedFields = [] }: ObjectMeta, manager: string, time: string): Owners =>
  handedOver(managedFields, 'f:template', { ...entryOf(manager, { 'f:template': {} }), time });

/**
 * The managedFields after `manager` set the replicas through the scale subresource. It owns them now, but (as kube-apiserver
 * 1.36 does it) without a time; a Scale of 0 does not name its replicas, so that after it nobody owns them; and where nobody
 * does, no Scale makes an owner again.
 */
export const scaledBy = ({ managedFields = [] }: ObjectMeta, manager: string, replicas: number): Owners => {
  const isOwned = managedFields.some((entry) => Object.hasOwn(specOf(entry), 'f:replicas'));
  const owner = { ...entryOf(manager, { 'f:replicas': {} }), subresource: 'scale' };
  return handedOver(managedFields, 'f:replicas', isOwned && replicas > 0 ? owner : undefined);
};

type Owners = readonly ManagedFields[];

/** Whoever owned the field does not any more; who owns nothing more is left out. */
const handedOver = (owners: Owners, field: Field, owner: ManagedFields | undefined): Owners => [
  ...owners.flatMap((entry) => {
    const { [field]: owned, ...rest } = specOf(entry);
    if (owned === undefined) return [entry];
    return Object.keys(rest).length === 0 ? [] : [{ ...entry, fieldsV1: { ...entry.fieldsV1, 'f:spec': rest } }];
  }),
  ...(owner === undefined ? [] : [owner]),
];

const specOf = ({ fieldsV1 }: ManagedFields): Fields => {
  const spec = fieldsV1?.['f:spec'];
  return typeof spec === 'object' && spec !== null ? { ...spec } : {};
};

const entryOf = (
  manager: string,
  spec: Fields,
): ManagedFields & { readonly apiVersion: string; readonly fieldsType: string } => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': spec },
});
