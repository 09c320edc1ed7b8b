/**
 * Which of many may still do, by their numbers from 0 on. One that was found not to is passed over until it is added again,
 * so that of fifteen thousand full nodes none is looked at for every pod.
 */
export class Candidates {
  /** A bit for each, 32 to a word. */
  #words: Uint32Array = new Uint32Array(0);

  /** The first `count` may do. */
  constructor(count: number) {
    for (let at = 0; at < count; at += 1) this.add(at);
  }

  add(at: number): void {
    const place = at >>> 5;
    if (place >= this.#words.length) {
      const words = new Uint32Array(Math.max(2 * this.#words.length, place + 1));
      words.set(this.#words);
      this.#words = words;
    }
    this.#words[place] = this.#wordAt(place) | (1 << (at & 31));
  }

  delete(at: number): void {
    const place = at >>> 5;
    if (place < this.#words.length) this.#words[place] = this.#wordAt(place) & ~(1 << (at & 31));
  }

  /** The next from a number on; undefined where there is none. */
  from(at: number): number | undefined {
    let place = at >>> 5;
    let word = this.#wordAt(place) & (-1 << (at & 31));
    while (word === 0) {
      place += 1;
      if (place >= this.#words.length) return undefined;
      word = this.#wordAt(place);
    }
    return place * 32 + 31 - Math.clz32(word & -word);
  }

  #wordAt(place: number): number {
    return this.#words[place] ?? 0;
  }
}
