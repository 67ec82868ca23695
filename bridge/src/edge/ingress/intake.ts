import { setImmediate as nextTurn } from 'node:timers/promises';

import type { IncomingMessage, TakeOver } from '../../ports/ingress.ts';

/** A message on its way in. */
export interface Arrival {
  readonly message: IncomingMessage;
  /** The connection it came by. */
  readonly from: object;
  /** Called once the message is safe; not when it was not taken over. */
  readonly onSafe: (() => void) | undefined;
}

/** Hands messages over in batches: what arrives while one batch is made safe is the next one. */
export interface Intake {
  add(arrival: Arrival): void;
  /** Lets go of what waits and came by this connection. */
  forget(from: object): void;
  /** Takes nothing more on; resolves when the batch in hand has ended. */
  stop(): Promise<void>;
}

/**
 * Messages per batch: about 5 MB of usual ones, and little enough that a batch is decoded within
 * 15 ms, so that timers, /metrics and publishing get their turn.
 */
const BATCH = 4_000;

export interface IntakeOptions {
  /** Told when a batch begins and when it has ended. */
  readonly onBegin?: () => void;
  readonly onEnd?: () => void;
  /** A batch was refused; its messages and all that wait were let go of, in the hope of another try. */
  readonly onRefused: (error: unknown) => void;
}

/** A batch is acknowledged as a whole, after `takeOver` has resolved for all of it. */
export function makeIntake(takeOver: TakeOver, options: IntakeOptions): Intake {
  let queue: Arrival[] = [];
  let stopping = false;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (queue.length > 0 && !stopping) {
      const batch = queue.length > BATCH ? queue.splice(0, BATCH) : queue;
      if (batch === queue) queue = [];
      options.onBegin?.();
      try {
        await takeOver(batch.map(({ message }) => message));
        for (const { onSafe } of batch) onSafe?.();
      } catch (error) {
        queue = [];
        options.onRefused(error);
      } finally {
        options.onEnd?.();
      }
      // Without a turn of the event loop a burst would keep timers waiting until its end.
      await nextTurn();
    }
  }

  return {
    add(arrival) {
      if (stopping) return;
      queue.push(arrival);
      working ??= nextTurn()
        .then(work)
        .finally(() => {
          working = undefined;
        });
    },
    forget(from) {
      queue = queue.filter((arrival) => arrival.from !== from);
    },
    async stop() {
      stopping = true;
      await working;
    },
  };
}
