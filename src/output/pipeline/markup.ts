import type { CiSystem } from './system.ts';

/** What a pipeline's log understands besides lines. Everything is a whole line, or nothing. */
export type Markup = {
  /** Begins a part of the log that can be folded away. `at` is in ms since the epoch. */
  readonly open: (title: string, at: number) => string;
  readonly close: (at: number) => string;
  /** Shown beside the log, too. */
  readonly annotate: (kind: 'notice' | 'warning' | 'error', title: string, message: string) => string;
};

export const markupOf = (system: Exclude<CiSystem, 'none'>): Markup => (system === 'github' ? GITHUB : gitlab());

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const GITHUB: Markup = {
  open: (title) => `::group::${escapedData(title)}\n`,
  close: () => '::endgroup::\n',
  annotate: (kind, title, message) => `::${kind} title=${escapedProperty(title)}::${escapedData(message)}\n`,
};

const escapedData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string => escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Clears the line that the marker stands on, so that only the title is seen. */
const CLEAR = '\u001b[0K';

/** https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections; it has no annotations. */
const gitlab = (): Markup => {
  let count = 0;
  const marker = (word: string, at: number): string =>
    `${CLEAR}section_${word}:${Math.floor(at / 1000)}:dupgrade_${count}\r${CLEAR}`;
  return {
    open: (title, at) => {
      count += 1;
      return `${marker('start', at)}${title}\n`;
    },
    close: (at) => `${marker('end', at)}\n`,
    annotate: () => '',
  };
};
