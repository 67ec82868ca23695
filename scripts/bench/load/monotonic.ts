/** A time of `performance.now()` on the monotonic clock of the machine, which is the same in all its processes; milliseconds. */
export const monotonicMs = (performanceMs: number): number => origin + performanceMs;

// Both clocks are CLOCK_MONOTONIC; only their zeros differ.
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();
