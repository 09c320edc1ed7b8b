import type { Asked } from './asked.ts';
import { isJson, type Json } from './json.ts';
import { badRequest, Refusal } from './refusal.ts';

const MERGE = 'application/merge-patch+json';
/** Of objects without lists it says the same. */
const STRATEGIC = 'application/strategic-merge-patch+json';

/** The patch in a request. Throws a Refusal where it is of a form that is not known. */
export const patchOf = ({ contentType, ...asked }: Asked): Json => {
  if (contentType !== MERGE && contentType !== STRATEGIC)
    throw new Refusal(415, 'UnsupportedMediaType', `the sandbox takes patches as ${MERGE} or ${STRATEGIC}`);
  const patch = asked.body();
  if (!isJson(patch)) throw badRequest('the body is not an object');
  if (contentType === STRATEGIC && isStrategic(patch))
    throw new Refusal(
      415,
      'UnsupportedMediaType',
      `the sandbox takes a patch of lists as ${MERGE} (kubectl --type=merge)`,
    );
  return patch;
};

/** Whether a patch says what a merge patch cannot: how lists are merged, or a directive such as `$patch`. */
const isStrategic = (value: unknown): boolean => {
  if (Array.isArray(value)) return true;
  return isJson(value) && Object.entries(value).some(([key, inner]) => key.startsWith('$') || isStrategic(inner));
};

/** What a value is after a JSON merge patch (RFC 7396): null takes a field away, a list takes the place of a list. */
export const patched = (value: unknown, patch: unknown): unknown => {
  if (!isJson(patch)) return patch;
  const fields = new Map(Object.entries(isJson(value) ? value : {}));
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) fields.delete(key);
    else fields.set(key, patched(fields.get(key), inner));
  }
  return Object.fromEntries(fields);
};
