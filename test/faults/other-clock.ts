// Loaded before the program (`node --import`), it gives it another time of day: so many seconds off, each of the numbers in
// DUPGRADE_TEST_CLOCK for a while and then the next. The monotonic clock and the timers stay as they are, as on a real machine.
const offsetsMs = (process.env['DUPGRADE_TEST_CLOCK'] ?? '0').split(',').map((seconds) => Number(seconds) * 1000);

/** How long one of them holds. */
const EACH_MS = 1500;

const TrueDate = Date;

const now = (): number => TrueDate.now() + (offsetsMs[Math.floor(performance.now() / EACH_MS) % offsetsMs.length] ?? 0);

globalThis.Date = new Proxy(TrueDate, {
  construct: (_, args: [] | [number]) => (args.length === 0 ? new TrueDate(now()) : new TrueDate(...args)),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
});
