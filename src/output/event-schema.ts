import {
  array,
  boolean,
  discriminatedUnion,
  enum as oneOf,
  int,
  iso,
  literal,
  number,
  object,
  string,
  toJSONSchema,
  union,
  type ZodType,
} from 'zod';
import { MODEL_SERVERS, START_STAGES } from '../upgrade/health.ts';
import { MODES, PACINGS } from '../upgrade/leg.ts';
import { SIDES } from '../upgrade/side.ts';
import { OUTCOME_TITLES } from './outcome-text.ts';
import { REASON_TEXTS } from './reason-text.ts';

/** The events of `-o json`, as docs/json-output.md describes them. Fields may be added, so others than these are let be. */
const wordsOf = (texts: Readonly<Record<string, string>>): readonly string[] => Object.keys(texts);
const count = () => int().min(0);
const both = <T extends ZodType>(part: T) => object({ main: part, grey: part });
const side = oneOf(SIDES);
const limit = oneOf(['minReady', 'maxPods']);
const reason = oneOf(wordsOf(REASON_TEXTS)).describe('a fixed set of words');

const way = object({
  mode: oneOf(MODES),
  step: both(union([int().min(1), string().regex(/%$/)])).describe('the most replicas in flight; text is a percentage'),
  pacing: oneOf(PACINGS),
});

const detail = discriminatedUnion('kind', [
  object({
    kind: literal('shortage'),
    resource: string(),
    needed: number().optional(),
    nodes: count(),
    short: count(),
  }),
  object({
    kind: literal('exit'),
    container: string(),
    exitCode: int().optional(),
    outOfMemory: boolean(),
    restarts: count(),
  }),
  object({ kind: literal('probe'), probe: oneOf(['readiness', 'startup', 'liveness']) }),
  object({ kind: literal('holder'), finalizers: array(string()), graceSeconds: number().optional() }),
  object({
    kind: literal('start'),
    stage: oneOf(START_STAGES),
    server: oneOf(MODEL_SERVERS).optional(),
    percent: number().optional(),
    restarts: count().optional(),
  }),
  object({ kind: literal('node'), node: string() }),
]);

const cause = object({
  reason,
  side,
  pods: count().describe('how many pods are alike; 0 where pods could not even be made'),
  example: string().optional().describe('the one of them that has been so for the longest'),
  namespace: string().optional().describe('where it is'),
  since: string().optional().describe('since when it has been so, by the cluster’s clock'),
  doomed: literal(true).optional().describe('it cannot heal by itself'),
  message: string().optional().describe('what Kubernetes says of it'),
  detail: detail.optional(),
  log: array(string()).optional().describe('the last lines that its container wrote'),
  next: string().optional().describe('a command that tells more of it, or gets out of it'),
});

const observed = object({
  asked: count().describe('spec.replicas'),
  ready: count().describe('ready pods of the current template that are not being deleted'),
  existing: count().describe('pods that hold resources'),
  terminating: count().describe('pods that are being deleted'),
  gpus: count().optional().describe('GPUs that its pods hold on nodes; missing where the template asks for none'),
  target: count().describe('where the side is going'),
});

const standing = object({
  sides: both(observed),
  ready: count().describe('ready pods of both sides together'),
  pods: count().describe('existing pods of both sides together'),
  floor: count().describe('what ready does not go below on this leg, as long as pods do not fail by themselves'),
  ceiling: count().describe('what pods does not go above on this leg'),
  waiting: array(object({ side, until: oneOf(['ready', 'gone']), pods: count() })),
  causes: array(cause),
  eta: object({ leastMs: count(), typicalMs: count(), mostMs: count() })
    .optional()
    .describe('how long it takes yet, as far as that is known'),
});

const summary = object({
  from: both(count()),
  to: both(count()),
  durationMs: count(),
  writes: count(),
  lowestReady: count(),
  highestPods: count(),
});

const details = object({
  reason: reason.optional(),
  by: string().optional(),
  idleMs: count().optional(),
  limit: limit.optional(),
  failedFast: literal(true).optional(),
  causes: array(cause).optional(),
  afterMs: count().optional(),
  message: string().optional(),
  holder: string().optional(),
  deployment: string().optional(),
  since: string().optional(),
  side: side.optional(),
  expected: count().optional(),
  found: count().optional(),
  manager: string().optional(),
  at: string().optional(),
  replaced: boolean().optional(),
  leaving: literal(true).optional(),
  namespace: string().optional(),
  signal: oneOf(['SIGINT', 'SIGTERM']).optional(),
});

const event = <Type extends string, Fields extends Record<string, ZodType>>(
  type: Type,
  description: string,
  fields: Fields,
) =>
  object({
    type: literal(type),
    time: iso.datetime().describe('when it happened, to the millisecond'),
    upgrade: string().describe('the name of the upgrade'),
    namespace: string().describe('the namespace of the upgrade, which is that of main'),
    ...fields,
  }).describe(description);

const deployment = object({ namespace: string(), name: string() });

const result = object({
  upgrade: string().describe('the name of the upgrade'),
  namespace: string().describe('the namespace of the upgrade, which is that of main'),
  file: string().describe('its spec file, as the command line named it'),
  result: oneOf(['ran', 'failed', 'not-begun']),
  outcome: oneOf(wordsOf(OUTCOME_TITLES)).optional().describe('how its run ended'),
  reason: reason.optional(),
  exitCode: count().optional().describe('what it alone would have ended with'),
  message: string().optional().describe('a sentence for people; its wording may change'),
  durationMs: count().optional().describe('how long it was under way'),
  sides: both(observed).optional().describe('both sides as they were last seen'),
  next: string().optional().describe('a command to go on with'),
});

const schema = discriminatedUnion('type', [
  event('started', 'a driver has begun to move the upgrade', {
    resumed: boolean().describe('whether the upgrade had begun before'),
    driver: string().describe('the process that moves it'),
    startedAt: string().describe('when the upgrade was begun, by its first driver'),
    deployments: both(deployment),
    before: both(count()).describe('the replicas before the upgrade began'),
    counts: both(count()).describe('the replicas asked for when this driver began'),
    targets: both(count()).describe('the replicas at which each side is to end'),
    way,
    limits: object({ minReady: count().optional(), maxPods: count().optional() }),
  }),
  event('leg', 'a straight move has begun: the targets or the way there were set', {
    cause: oneOf(['start', 'pause', 'resume', 'set-target', 'abort', 'rollback', 'scaled-by-others']),
    by: string().describe('who gave the last command'),
    leg: object({
      mode: oneOf(MODES),
      pacing: oneOf(PACINGS),
      step: both(int().min(1)),
      from: both(count()),
      to: both(count()),
    }),
  }),
  event('observed', 'counts or causes have changed', { standing }),
  event('scaled', 'the API server accepted a write', {
    side,
    from: count().describe('spec.replicas before'),
    to: count().describe('spec.replicas now'),
  }),
  event('limited', 'a limit of the spec holds a write back', { side, limit, value: count() }),
  event('held', 'nothing more is scaled until somebody gives a command', {
    reason: oneOf(['paused', 'off-spec']),
    by: string().describe('who said so'),
  }),
  event('alive', 'a sign of life: nothing else was told for half a minute', {
    standing,
    idleMs: count().describe('since progress was last made'),
    held: boolean().describe('whether it waits for a command'),
  }),
  event('note', 'something that the driver gets over by itself', {
    level: oneOf(['warning', 'detail']),
    message: string().describe('a sentence for people; its wording may change'),
  }),
  event('ended', 'the run is over; the last event of an upgrade', {
    outcome: oneOf(wordsOf(OUTCOME_TITLES)),
    reason: reason.optional(),
    exitCode: count().describe('the exit code of the process'),
    message: string().describe('a sentence for people; its wording may change'),
    summary,
    details,
  }),
  object({
    type: literal('finished'),
    time: iso.datetime().describe('when it happened, to the millisecond'),
    exitCode: count().describe('the exit code of the process: the worst of them'),
    upgrades: array(result),
  }).describe('of several upgrades, all that were begun have ended; the last event'),
]);

/** A JSON Schema (2020-12) of one line of `-o json`. */
export const eventJsonSchema = (): object => ({
  title: 'An event of dupgrade -o json',
  ...toJSONSchema(schema, { io: 'input' }),
});
