import { Chalk } from 'chalk';

export type Style = 'plain' | 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent';

export type Palette = Readonly<Record<Style, (text: string) => string>>;

/** An own instance of chalk: the shared one knows nothing of NO_COLOR. The sixteen colours follow the user's theme. */
export const paletteOf = (color: boolean): Palette => {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    plain: (text) => text,
    // In functions of one argument: a style of chalk prints all that it is given.
    strong: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warn: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
    accent: (text) => chalk.cyan(text),
  };
};
