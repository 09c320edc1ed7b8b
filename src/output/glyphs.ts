/** The signs that are used beside letters. */
export type Glyphs = {
  readonly arrow: string;
  readonly ellipsis: string;
  /** The parts of a bar: ready, asked for and not ready, the rest of the way. */
  readonly ready: string;
  readonly asked: string;
  readonly rest: string;
  /** The heights of a curve in one line, the lowest first. */
  readonly heights: readonly string[];
  readonly good: string;
  readonly bad: string;
  readonly neutral: string;
  readonly spinner: readonly string[];
};

const UNICODE: Glyphs = {
  arrow: '→',
  ellipsis: '…',
  ready: '█',
  asked: '▒',
  rest: '░',
  heights: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  good: '✔',
  bad: '✖',
  neutral: '■',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ASCII: Glyphs = {
  arrow: '->',
  ellipsis: '...',
  ready: '#',
  asked: '=',
  rest: '.',
  heights: ['_', '.', '-', '=', '^'],
  good: '+',
  bad: 'x',
  neutral: '-',
  spinner: ['-', '\\', '|', '/'],
};

export const glyphsOf = (unicode: boolean): Glyphs => (unicode ? UNICODE : ASCII);
