import { isMap, isSeq, type ParsedNode } from 'yaml';
import type { Place } from '../spec/reading.ts';

/** Where every value of a document stands, also those in lists, by their index. */
export const placesOf = (node: ParsedNode | null, keyOffset: number): Place => {
  const parts = new Map<string, Place>();
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const at = key.range[0];
      const name = String('value' in key ? key.value : key);
      // Of a key that is given twice the first place is the one to tell, as in a spec.
      parts.set(name, placesOf(value, at));
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) parts.set(String(index), placesOf(item, item.range[0]));
  }
  const isEmpty = node === null || ('value' in node && node.value === null && node.source === '');
  return { offset: isEmpty ? keyOffset : node.range[0], keyOffset, parts };
};
