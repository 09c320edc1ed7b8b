import type { UpgradeEvent } from '../upgrade/events.ts';
import { reasonOf } from '../upgrade/outcome.ts';
import { causesJson, withCauseSteps } from './cause-json.ts';
import { glyphsOf } from './glyphs.ts';
import { endingMessage, endingOf } from './outcome-text.ts';
import { printableJson } from './printable.ts';
import { isWanted, type View, type ViewContext } from './view.ts';

/** Writes one JSON object on a line for each event. The fields are described in docs/json-output.md. */
export const openJsonView = (context: ViewContext): View => ({
  show: (event) => {
    if (isWanted(event, context)) context.terminal.out.write(`${printableJson(jsonOf(event, context))}\n`);
  },
  close: () => {},
});

/** The object that stands for an event: its own fields, with the time as text and the upgrade's name. */
const jsonOf = (event: UpgradeEvent, { upgrade, program }: ViewContext): object => {
  const { type, at, ...fields } = event;
  const head = { type, time: new Date(at).toISOString(), upgrade: upgrade.name, namespace: upgrade.namespace };
  const to = { upgrade, program };
  if (event.type !== 'ended') return { ...head, ...('standing' in fields ? withCauseSteps(fields, to) : fields) };
  const { outcome, exitCode, summary } = event;
  const { kind, ...rest } = outcome;
  const details = 'causes' in rest ? { ...rest, causes: causesJson(rest.causes, to) } : rest;
  const message = endingMessage(endingOf(outcome, summary, { upgrade, program, glyphs: glyphsOf(true) }));
  return { ...head, outcome: kind, reason: reasonOf(outcome), exitCode, message, details, summary };
};
