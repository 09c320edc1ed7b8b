/** As much of a terminal as the live view needs: rows, a cursor, wiping; and it breaks its lines when it becomes narrower. */
export class Screen {
  columns: number;
  cursorHidden = false;
  #rows: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  readonly write = (text: string): void => {
    // oxlint-disable-next-line no-control-regex -- it is ESC that is looked for
    for (const [token] of text.matchAll(/\u001B\[[?\d;]*[A-Za-z]|[^\u001B]/gu)) this.#take(token);
  };

  /** What stands on the screen, without the empty rows below. */
  get lines(): readonly string[] {
    return this.#rows.join('\n').trimEnd().split('\n');
  }

  resize(columns: number): void {
    this.columns = columns;
    const broken = this.#rows.map((row) => row.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.#row = broken.slice(0, this.#row + 1).flat().length - 1;
    this.#column = this.#rows.length === 0 ? 0 : (broken.flat()[this.#row]?.length ?? 0);
    this.#rows = broken.flat();
  }

  #take(token: string): void {
    // oxlint-disable-next-line no-control-regex -- it is ESC that is looked for
    const [, mode = '', count = '', command] = /^\u001B\[(\??)([\d;]*)([A-Za-z])$/.exec(token) ?? [];
    if (command === undefined) return this.#print(token);
    if (mode === '?') {
      if (count === '25') this.cursorHidden = command === 'l';
      return undefined;
    }
    switch (command) {
      case 'A':
        this.#row = Math.max(0, this.#row - Math.max(1, Number(count)));
        return undefined;
      case 'B':
        this.#row = Math.min(this.#rows.length - 1, this.#row + Math.max(1, Number(count)));
        return undefined;
      case 'K':
        this.#rows[this.#row] = (this.#rows[this.#row] ?? '').slice(0, this.#column);
        return undefined;
      case 'm':
        return undefined;
      default:
        throw new Error(`this screen knows no ${JSON.stringify(token)}`);
    }
  }

  #print(character: string): void {
    if (character === '\r') {
      this.#column = 0;
      return;
    }
    if (character === '\n' || this.#column === this.columns) {
      this.#row += 1;
      this.#column = 0;
      this.#rows[this.#row] ??= '';
      if (character === '\n') return;
    }
    const row = (this.#rows[this.#row] ?? '').padEnd(this.#column);
    this.#rows[this.#row] = row.slice(0, this.#column) + character + row.slice(this.#column + 1);
    this.#column += 1;
  }
}
