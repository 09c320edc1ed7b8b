type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same as JSON, whatever the order of their keys. */
export const isSameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!hasMembers(a) || !hasMembers(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    const [own, other] = [a[key], b[key]];
    if (!isSameJson(own, other) || (own === undefined && !Object.hasOwn(b, key))) return false;
  }
  return true;
};

const hasMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
