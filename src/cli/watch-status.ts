import { demandAccess } from '../drive/access.ts';
import { attend } from '../drive/attend.ts';
import type { Stored } from '../drive/records.ts';
import { pastOf } from '../output/live-past.ts';
import { exitCodeOf } from '../upgrade/outcome.ts';
import { viewOf } from './driving.ts';
import { keyboardOf, leavable } from './keys.ts';
import type { CiOptions, SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

/** Shows an upgrade until it ends, without driving it. Answers with the exit code of its end. */
export const watchStatus = async (
  session: Session,
  connected: Connected,
  stored: Stored,
  options: SharedOptions & CiOptions,
): Promise<number> => {
  const { cluster } = connected;
  const { spec } = stored.record;
  await demandAccess(cluster, spec, 'follow');
  const leave = leavable(session);
  const signal = leave.session.interruption();
  const keyboard = keyboardOf(leave, connected, spec, options, false);
  const view = await viewOf(session, options, spec, keyboard, pastOf(stored.record));
  try {
    return exitCodeOf(await attend({ cluster, clock: session.clock, signal, emit: view.show }, stored));
  } finally {
    view.close();
  }
};
