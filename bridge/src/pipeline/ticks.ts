import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import type { Clock } from '../ports/clock.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import type { HandOff } from './handOff.ts';
import { makeListeningClock } from './listening.ts';
import { untilStored } from './untilStored.ts';

export interface TickOptions {
  readonly log: DurableLog;
  readonly handOff: HandOff;
  readonly isListening: () => boolean;
  /** Asked once per tick: no message that was sent is still waiting in front of the log. */
  readonly hasHeardAll?: () => boolean;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** Writes into the log, once a second, that time has passed. */
export interface Ticks {
  /** From here on the listening clock goes on: what an earlier process wrote is behind. Further calls change nothing. */
  begin(listenedAt: EpochMs): void;
  /** Milliseconds until the next tick, 0 or below when it is due. */
  dueMs(): number;
  write(signal: AbortSignal): Promise<void>;
}

const TICK_MS = 1_000;

export function makeTicks(options: TickOptions): Ticks {
  const { log, handOff, isListening, hasHeardAll, clock, counters, logger } = options;
  let last: EpochMs | undefined;
  let listening = makeListeningClock(toEpochMs(0));
  let next = clock();
  return {
    begin(listenedAt) {
      if (last !== undefined) return;
      last = listenedAt;
      listening = makeListeningClock(listenedAt);
    },
    dueMs() {
      if (last === undefined) return TICK_MS;
      const waitMs = next - clock();
      // A clock that was set back must not keep time from passing until it is there again.
      return waitMs > TICK_MS ? 0 : waitMs;
    },
    async write(signal) {
      next = toEpochMs(clock() + TICK_MS);
      const listenedAt = listening.advance(clock(), isListening());
      counters.listened(listenedAt - (last ?? listenedAt));
      last = listenedAt;
      const tick = { at: clock(), listenedAt, heardAll: hasHeardAll?.() ?? true };
      const position = await untilStored('process', () => log.tick(tick), logger, signal);
      handOff.offerTick(position, tick);
    },
  };
}
