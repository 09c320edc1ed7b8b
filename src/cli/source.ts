import { decoded } from '../spec/encoding.ts';
import type { SpecSource } from '../spec/parse.ts';
import { LONGEST_BYTES } from '../spec/text.ts';
import type { Session } from './session.ts';

/** The text of a file, or of standard input for `-`, and its name for messages. Rejects with a CommandError or a SpecError. */
export const readSource = async ({ readBytes }: Session, file: string): Promise<SpecSource> => {
  const name = file === '-' ? '<stdin>' : file;
  return { file: name, text: decoded(name, await readBytes(file, LONGEST_BYTES)) };
};
