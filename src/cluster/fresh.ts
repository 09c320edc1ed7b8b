/** What was so long ago is so now, as far as anybody can know who looks only once. */
const FRESH_MS = 5_000;

type Given<T> = { readonly askedMs: number; readonly answer: Promise<T> };

/** Answers to what several ask, or one asks again, within a moment: it is asked once. What failed, or does not last, is asked anew. */
export class Fresh<T> {
  readonly #now: () => number;
  readonly #lasts: (answer: T) => boolean;
  /** In the order in which they were asked for. */
  readonly #given = new Map<string, Given<T>>();

  /** `now` gives ms since some moment, and never goes back; `lasts` tells of an answer whether it is kept. */
  constructor(now: () => number, lasts: (answer: T) => boolean = () => true) {
    this.#now = now;
    this.#lasts = lasts;
  }

  /** The answer to a question, which is known by its text; `ask` gets it where there is none that is fresh. */
  answer(question: string, ask: () => Promise<T>): Promise<T> {
    const askedMs = this.#now();
    for (const [text, given] of this.#given) {
      if (askedMs - given.askedMs < FRESH_MS) break;
      this.#given.delete(text);
    }
    const known = this.#given.get(question);
    if (known !== undefined) return known.answer;
    const given = { askedMs, answer: ask() };
    this.#given.set(question, given);
    const forget = (): void => {
      if (this.#given.get(question) === given) this.#given.delete(question);
    };
    given.answer.then((answer) => {
      if (!this.#lasts(answer)) forget();
    }, forget);
    return given.answer;
  }
}
