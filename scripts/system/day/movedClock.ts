/**
 * `MOVED_CLOCK=SOCKET node --import …/movedClock.ts PROGRAM`: the program's clock is ahead of the machine's by what the
 * test says at that socket (`clock.ts`), from its first moment on. Timers go on as they are; the program knows nothing of it.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const machine = Date.now.bind(Date);
let ahead = 0;

Date.now = () => machine() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (target, args: readonly unknown[]): Date =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args) as Date,
});

// What has passed since the machine was switched on passes with it: budgets go by that, because nobody can set it.
const steady = process.hrtime.bigint.bind(process.hrtime);
process.hrtime.bigint = () => steady() + BigInt(Math.round(ahead)) * 1_000_000n;

// The clock that only rises has gone through the same time.
const risen = process.hrtime.bigint.bind(process.hrtime);
process.hrtime.bigint = () => risen() + BigInt(Math.round(ahead * 1e6));

const path = process.env['MOVED_CLOCK'];
if (path === undefined) throw new Error('MOVED_CLOCK names no socket');
const socket = connect(path);
const told = Promise.withResolvers<void>();
socket.once('error', told.reject);
createInterface({ input: socket }).on('line', (line) => {
  ahead = Number(line);
  socket.write(`${line}\n`);
  told.resolve();
});
await told.promise;
// A test that ends must not keep the program, nor its clock a program that has ended.
socket.on('error', () => undefined).unref();
