import { Buffer } from 'node:buffer';
import type { Spread } from './scenario.ts';

/** Letters and digits of which Kubernetes makes names: no vowels, so that no words come about. */
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

const HEX_DIGITS = Buffer.from('0123456789abcdef');

/**
 * Chance from a seed. Every purpose has a stream of its own, by name, so that one more draw for one purpose changes no other:
 * the third pod of a Deployment takes as long to become ready in every mode of an upgrade.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  /** The form of a UUID. Ten thousand pods have one each, which is put together from pieces far more slowly. */
  readonly #form = Buffer.from('00000000-0000-4000-8000-000000000000');

  constructor(seed: number, purpose: string) {
    const text = `${seed}/${purpose}`;
    this.#a = hashOf(text, 0x9e3779b9);
    this.#b = hashOf(text, 0x243f6a88);
    this.#c = hashOf(text, 0xb7e15162);
    this.#d = 1;
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** From 0 up to, but not including, 1. The generator is sfc32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** A time in whole ms. */
  draw(spread: Spread): number {
    switch (spread.kind) {
      case 'fixed':
        return spread.ms;
      case 'range':
        return this.between(spread.fromMs, spread.toMs);
      case 'log-normal':
        return Math.round(spread.medianMs * Math.exp(spread.sigma * this.#normal()));
      case 'samples':
        return spread.samplesMs[this.between(0, spread.samplesMs.length - 1)] ?? 0;
    }
  }

  /** The end of a name, as Kubernetes gives one to a pod. */
  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += NAME_LETTERS.charAt(this.between(0, NAME_LETTERS.length - 1));
    return text;
  }

  /** In the form of a random UUID. */
  uuid(): string {
    const [a, b, c, d] = [this.#word(), this.#word(), this.#word(), this.#word()];
    this.#write(0, a >>> 16);
    this.#write(4, a);
    this.#write(9, b >>> 16);
    // The first digit of the third part is the version, and that of the fourth the variant.
    this.#write(14, (b & 0x0fff) | 0x4000);
    this.#write(19, ((c >>> 16) & 0x0fff) | 0x8000);
    this.#write(24, c);
    this.#write(28, d >>> 16);
    this.#write(32, d);
    return this.#form.toString('latin1');
  }

  /** The lower two bytes of a number. */
  #write(at: number, number: number): void {
    for (let i = 0; i < 4; i += 1) this.#form[at + i] = HEX_DIGITS[(number >>> (12 - 4 * i)) & 15] ?? 0;
  }

  #word(): number {
    return Math.floor(this.next() * 0x1_0000_0000);
  }

  /** Of the standard normal distribution, by Box and Muller. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

/** FNV-1a, 32 bits. */
export const hashOf = (text: string, start = 0x811c9dc5): number => {
  let hash = start;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};

/** A hash in the letters of names, as in `pod-template-hash`. */
export const nameHashOf = (text: string): string =>
  Array.from(String(hashOf(text)), (digit) => NAME_LETTERS.charAt(Number(digit) + 7)).join('');
