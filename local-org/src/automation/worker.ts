import type { Clock } from '../clock.ts';
import type { Logger } from './logger.ts';

/** Where a worker finds work. */
export interface Source {
  /** Runs one batch; false when nothing is due. */
  runNext(): boolean;
  /** When something that waits is due, milliseconds since the epoch. */
  nextAt?(): number | undefined;
}

/** Timers hold no more than 2^31 ms, and the machine's clock may be set. */
const LONGEST_WAIT_MS = 3_600_000;

/** Runs what is pending, one batch at a time, giving other work of the process its turn between. */
export interface Worker {
  start(): void;
  stop(): void;
  /** Looks again whether something is pending. */
  kick(): void;
  /** Resolves when nothing is due; rejects when the worker is stopped or has failed. */
  idle(): Promise<void>;
}

/**
 * A failure that is not the flows' own (a full disk, a bug) stops the worker: it would only fail
 * again. What is pending stays in the file and is taken up at the next start.
 */
export function makeWorker(sources: readonly Source[], clock: Clock, logger: Logger): Worker {
  let running = false;
  let scheduled = false;
  let failure: Error | undefined;
  let alarm: NodeJS.Timeout | undefined;
  let waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];

  function settle(how: (waiter: (typeof waiters)[number]) => void): void {
    const due = waiters;
    waiters = [];
    due.forEach(how);
  }

  function schedule(): void {
    if (!running || scheduled) return;
    scheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    scheduled = false;
    if (!running) return;
    try {
      // A stop holds from the next batch on.
      const worked = sources.map((source) => running && source.runNext()).some(Boolean);
      if (!running) return;
      if (worked) return schedule();
      setAlarm();
      settle((waiter) => waiter.resolve());
    } catch (error) {
      running = false;
      failure = error instanceof Error ? error : new Error(String(error));
      const { message, stack } = failure;
      logger.error(
        `automation has stopped, what is pending waits for the next start: ${stack ?? message}`,
      );
      settle((waiter) => waiter.reject(failure ?? new Error(message)));
    }
  }

  function setAlarm(): void {
    clearTimeout(alarm);
    const times = sources.flatMap((source) => source.nextAt?.() ?? []);
    if (times.length === 0) return;
    const wait = Math.max(1, Math.min(...times) - clock.now());
    alarm = setTimeout(schedule, Math.min(wait, LONGEST_WAIT_MS));
    alarm.unref();
  }

  return {
    start() {
      running = true;
      schedule();
    },
    stop() {
      running = false;
      clearTimeout(alarm);
      settle((waiter) => waiter.reject(new Error('automation was stopped')));
    },
    kick: schedule,
    idle() {
      if (failure !== undefined) return Promise.reject(failure);
      if (!running) return Promise.reject(new Error('automation is not started'));
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        schedule();
      });
    },
  };
}
