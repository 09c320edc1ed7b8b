/** A function of a value that never changes, worked out once for each. */
export const remembered = <T extends object, R>(work: (value: T) => R): ((value: T) => R) => {
  const known = new WeakMap<T, { readonly result: R }>();
  return (value) => {
    let entry = known.get(value);
    if (entry === undefined) {
      entry = { result: work(value) };
      known.set(value, entry);
    }
    return entry.result;
  };
};
