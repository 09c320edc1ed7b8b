/** The Deployment that is moved from (`main`, the old version) or the one that is moved to (`grey`, the new one). */
export type Side = 'main' | 'grey';

export const SIDES: readonly Side[] = ['main', 'grey'];

export type PerSide<T> = { readonly main: T; readonly grey: T };

export const otherSide = (side: Side): Side => (side === 'main' ? 'grey' : 'main');

export const perSide = <T>(make: (side: Side) => T): PerSide<T> => ({ main: make('main'), grey: make('grey') });

export const bothSides = (counts: PerSide<number>): number => counts.main + counts.grey;

export const sameCounts = (a: PerSide<number>, b: PerSide<number>): boolean => a.main === b.main && a.grey === b.grey;
