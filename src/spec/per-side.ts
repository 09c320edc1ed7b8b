import { type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import { nearest } from './nearest.ts';
import { refusal } from './refusal.ts';
import { shown } from './shown.ts';
import { ValueError } from './value-error.ts';

/**
 * A value for each side from a command line: "main=30,grey=0"; where `oneForBoth`, also a single value for both. `example`
 * is what a message shows in place of what was wrong. Throws ValueError.
 */
export const parsePerSide = <T>(
  text: string,
  parse: (value: string) => T,
  { example, oneForBoth }: { readonly example: string; readonly oneForBoth: boolean },
): PerSide<T> => {
  if (oneForBoth && !text.includes('=')) {
    const value = parse(text);
    return perSide(() => value);
  }
  const given = new Map<Side, T>();
  for (const part of text.split(',')) {
    const [name = '', ...value] = part.split('=');
    const side = sideOf(name.trim(), example);
    if (given.has(side)) throw new ValueError(`${shown(text)} names ${side} twice; give ${example}`);
    given.set(side, parse(value.join('=').trim()));
  }
  return perSide((side) => {
    const value = given.get(side);
    if (value === undefined) throw new ValueError(`${shown(text)} leaves out ${side}; give ${example}`);
    return value;
  });
};

const sideOf = (name: string, example: string): Side => {
  const side = SIDES.find((each) => each === name);
  if (side !== undefined) return side;
  throw new ValueError(refusal(name, 'is not a side', example, nearest(name, SIDES)));
};
