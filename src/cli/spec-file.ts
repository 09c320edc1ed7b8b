import { parseSpec } from '../spec/parse.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import type { SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';
import { readSource } from './source.ts';

/** Reads a spec file, connects to its cluster, and closes the connection when the work is done. */
export const withSpecFile = async (
  session: Session,
  file: string,
  options: SharedOptions & { readonly timeout?: number },
  work: (connected: Connected, spec: UpgradeSpec, text: string) => Promise<number>,
): Promise<number> => {
  const source = await readSource(session, file);
  const { namespace } = options;
  const explicit = namespace === undefined ? {} : { explicitNamespace: namespace };
  // What is wrong with the file is told also where there is no cluster.
  parseSpec(source, { namespace: 'default', ...explicit });
  const connected = await session.connect(options);
  try {
    return await work(connected, parseSpec(source, { namespace: connected.namespace, ...explicit }), source.text);
  } finally {
    await connected.close();
  }
};
