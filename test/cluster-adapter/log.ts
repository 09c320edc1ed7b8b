/** What happened, in order, and a way to wait for it without sleeping. */
export class Log<T> {
  readonly entries: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(entry: T): void {
    this.entries.push(entry);
    for (const look of this.#waiting) look();
  }

  get count(): number {
    return this.entries.length;
  }

  /** Resolves as soon as `holds` is true of the entries; looked at now, and after each entry. */
  when(holds: (entries: readonly T[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this.entries)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
