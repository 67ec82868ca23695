/**
 * `node --import …/movedClock.ts PROGRAM`: with every SIGUSR2 the program's clock is an hour later. Timers go on as they are;
 * the program itself knows nothing of it.
 */
const HOUR_MS = 3_600_000;
const now = Date.now.bind(Date);
let moved = 0;

Date.now = () => now() + moved;
globalThis.Date = new Proxy(Date, {
  construct: (target, args: readonly unknown[]): Date =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args) as Date,
});
process.on('SIGUSR2', () => {
  moved += HOUR_MS;
});
