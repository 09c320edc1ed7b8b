import { parseCount } from './count.ts';
import { isDuration, parseDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { listed, refusal } from './refusal.ts';
import { PERCENTAGE } from './step.ts';
import { ValueError } from './value-error.ts';

/** Some pods: so many of them, or this part of them, each by lot. */
export type SomePods = { readonly count: number } | { readonly share: number };

/** Something that goes wrong in a rehearsal, as the command line says it; `text` is what was given. */
export type Mishap = { readonly text: string } & (
  | {
      /** `node`: it says that it is well, and no pod on it is ready. `lost-node`: it falls silent. */
      readonly kind: 'node' | 'lost-node';
      /** So many, by lot, or the one of this name. */
      readonly nodes: number | string;
      readonly atMs: number;
      /** Well again after so long; left out: never. */
      readonly forMs?: number;
    }
  /** Of the pods that the upgrade makes. */
  | { readonly kind: 'never-ready' | 'crash' | 'image'; readonly pods: SomePods }
  /** Ready for so long, and then no more. */
  | { readonly kind: 'unready'; readonly pods: SomePods; readonly afterMs: number }
  /** Somebody deletes so many pods of the side that is added to. */
  | { readonly kind: 'delete'; readonly pods: number; readonly atMs: number }
  /** The namespace may have no more than so many pods. */
  | { readonly kind: 'quota'; readonly pods: number; readonly atMs: number }
);

type Kind = Mishap['kind'];

/** What each takes, as a message shows it. */
const FORMS: Readonly<Record<Kind, string>> = {
  node: 'node:1@10m, node:1@10m+20m or node:NAME@10m',
  'lost-node': 'lost-node:1@10m, lost-node:1@10m+20m or lost-node:NAME@10m',
  'never-ready': 'never-ready:1 or never-ready:5%',
  crash: 'crash:1 or crash:5%',
  image: 'image:1 or image:5%',
  unready: 'unready:1@5m or unready:10%@5m',
  delete: 'delete:2@10m',
  quota: 'quota:40@10m',
};

const isKind = (word: string): word is Kind => Object.hasOwn(FORMS, word);

const NODE_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** "node:1@10m+20m" and the like: WHAT:HOW MANY@WHEN+FOR HOW LONG. Throws ValueError. */
export const parseMishap = (text: string): Mishap => {
  const [word = '', ...rest] = text.split(':');
  if (!isKind(word)) {
    const kinds = Object.keys(FORMS);
    throw new ValueError(refusal(word, 'cannot go wrong', `one of ${listed(kinds, 'or')}`, nearest(word, kinds)));
  }
  const match = /^([^@+]+)(?:@([^@+]+))?(?:\+([^@+]+))?$/.exec(rest.join(':'));
  if (match === null) throw malformed(text, word);
  const [, who = '', at, lasting] = match;
  const ms = (written: string | undefined): number => {
    if (written === undefined || !isDuration(written)) throw malformed(text, word);
    return parseDuration(written);
  };
  if (lasting !== undefined && word !== 'node' && word !== 'lost-node') throw malformed(text, word);
  switch (word) {
    case 'node':
    case 'lost-node':
      return {
        text,
        kind: word,
        nodes: nodesOf(who) ?? fail(text, word),
        atMs: ms(at),
        ...(lasting === undefined ? {} : { forMs: ms(lasting) }),
      };
    case 'never-ready':
    case 'crash':
    case 'image':
      if (at !== undefined) throw malformed(text, word);
      return { text, kind: word, pods: somePods(who) ?? fail(text, word) };
    case 'unready':
      return { text, kind: word, pods: somePods(who) ?? fail(text, word), afterMs: ms(at) };
    case 'delete':
      return { text, kind: word, pods: countOf(who, 1) ?? fail(text, word), atMs: ms(at) };
    case 'quota':
      return { text, kind: word, pods: countOf(who, 0) ?? fail(text, word), atMs: ms(at) };
  }
};

const malformed = (text: string, kind: Kind): ValueError =>
  new ValueError(refusal(text, 'is not complete or not understood', FORMS[kind]));

const fail = (text: string, kind: Kind): never => {
  throw malformed(text, kind);
};

const countOf = (text: string, least: number): number | undefined =>
  /^[0-9]{1,9}$/.test(text) && Number(text) >= least ? parseCount(text, least) : undefined;

const nodesOf = (text: string): number | string | undefined => {
  if (/^[0-9]+$/.test(text)) return countOf(text, 1);
  return NODE_NAME.test(text) ? text : undefined;
};

const somePods = (text: string): SomePods | undefined => {
  if (PERCENTAGE.test(text)) return { share: Number.parseFloat(text) / 100 };
  const count = countOf(text, 1);
  return count === undefined ? undefined : { count };
};
