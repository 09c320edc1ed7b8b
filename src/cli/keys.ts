import { readRecord, type Stored } from '../drive/records.ts';
import { errorText } from '../output/error-text.ts';
import { glyphsOf } from '../output/glyphs.ts';
import type { Keyboard, Wish } from '../output/live-keys.ts';
import { notUnderWayText, undrivenText } from '../output/keyed-text.ts';
import { steeringText } from '../output/steered-text.ts';
import type { Command as UpgradeCommand } from '../upgrade/command.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { failureOf } from './failure.ts';
import type { SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';
import { announceSteering, carryOut, readyTargets } from './steering.ts';

/** A session that a key can leave as well as a signal. */
export type Leavable = { readonly session: Session; readonly leave: () => void };

/** To leave is as SIGINT: the same end, and the same exit code. */
export const leavable = (session: Session): Leavable => {
  const left = new AbortController();
  let signal: AbortSignal | undefined;
  const interruption = (): AbortSignal => (signal ??= AbortSignal.any([session.interruption(), left.signal]));
  return { session: { ...session, interruption }, leave: () => left.abort('SIGINT') };
};

/** The keyboard of the view of an upgrade, where there is one. What it is told to do is done as the commands do it. */
export const keyboardOf = (
  { session, leave }: Leavable,
  connected: Connected,
  spec: UpgradeSpec,
  options: SharedOptions,
  drives: boolean,
): Keyboard | undefined => {
  const listen = session.keys();
  if (listen === undefined) return undefined;
  const to = { program: session.program, upgrade: { name: spec.name, namespace: namespaceOf(spec) } };
  const give = async (wish: Exclude<Wish, 'leave'>): Promise<string> => {
    const stored = await readRecord(connected.cluster, namespaceOf(spec), spec.name);
    // The record of an upgrade that has ended is not what is seen here: a rollback would open it again.
    if (stored?.record.phase !== 'active') return notUnderWayText(to);
    const { steering } = await carryOut(session, connected, stored, await commandOf(wish, connected, stored));
    let details = '';
    await announceSteering(session, connected, steering, (message) => {
      if (options.verbose > 0) details += `${message}\n`;
    });
    return `${details}${steeringText(steering, to, glyphsOf(session.terminal(options).unicode))}${undrivenText(steering, to)}`;
  };
  return {
    listen,
    drives,
    carryOut: async (wish) => {
      if (wish === 'leave') {
        leave();
        return '';
      }
      return give(wish).catch((error: unknown) =>
        errorText(error, { ...failureOf(error), program: session.program, json: false, verbosity: options.verbose }),
      );
    },
  };
};

const commandOf = async (
  wish: Exclude<Wish, 'leave'>,
  connected: Connected,
  stored: Stored,
): Promise<UpgradeCommand> => {
  switch (wish) {
    case 'pause':
      return { verb: 'pause' };
    case 'resume':
      return { verb: 'resume', keepTargets: false };
    case 'accept':
      return { verb: 'set-target', targets: await readyTargets(connected, stored), way: {} };
    case 'rollback':
      return { verb: 'rollback', way: {} };
  }
};
