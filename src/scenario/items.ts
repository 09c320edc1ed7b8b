import type { Path } from '../spec/path.ts';
import { isMapping } from '../spec/reading.ts';
import { shown } from '../spec/shown.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** A mapping in a list of the scenario, and where it stands. */
export type Item = { readonly path: Path; readonly value: Mapping };

/** A rule between fields that is not kept, and at which of them it is told. */
export type Broken = { readonly path: Path; readonly message: string };

export const itemsAt = (value: unknown, path: Path): readonly Item[] =>
  Array.isArray(value)
    ? value.flatMap((each: unknown, i) => (isMapping(each) ? [{ path: [...path, i], value: each }] : []))
    : [];

/** Those whose key an item above has, too; what has no key is not compared. */
export const twice = (
  items: readonly Item[],
  key: (value: Mapping) => string | undefined,
  field: string,
  others: string,
): readonly Broken[] => {
  const seen = new Set<string>();
  return items.flatMap(({ path, value }) => {
    const own = key(value);
    if (own === undefined) return [];
    const isKnown = seen.has(own);
    seen.add(own);
    if (!isKnown) return [];
    const given = value[field] === undefined ? '' : `${shown(value[field])} `;
    return [{ path: [...path, field], message: `${given}is the ${field} of ${others} above; give another` }];
  });
};

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
