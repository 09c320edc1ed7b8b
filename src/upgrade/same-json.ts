type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same as JSON, whatever the order of their keys. */
export const isSameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!hasMembers(a) || !hasMembers(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSameJson(a[key], b[key]) && (a[key] !== undefined || Object.hasOwn(b, key)))
  );
};

const hasMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
