import { escaped, shortened, shown } from './shown.ts';

/** The keys that lead from the top of a spec file to a value. */
export type Path = readonly PropertyKey[];

/** The path as people write it: `spec.main.target`, `metadata.labels["app.kubernetes.io/name"]`, `items[0]`. */
export const fieldOf = (path: Path): string =>
  path.reduce<string>((field, key) => {
    if (typeof key === 'number') return `${field}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return `${field}[${shown(name)}]`;
    return `${field}${field === '' ? '' : '.'}${escaped(shortened(name))}`;
  }, '');
