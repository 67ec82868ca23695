import { setTimeout as sleep } from 'node:timers/promises';
import { HOLD_MS } from '../core/telemetry/buckets.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { TelemetryWindow } from '../core/telemetry/window.ts';
import { toLogPosition } from '../model/brand.ts';
import type { LogPosition } from '../model/brand.ts';
import type { Clock } from '../ports/clock.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Logger } from '../ports/telemetry.ts';
import type { ProcessProgress } from './process.ts';

export interface RefillOptions {
  readonly log: DurableLog;
  /** How far detection is now. */
  readonly progress: ProcessProgress;
  readonly decode: Decoder;
  readonly window: TelemetryWindow;
  /** Where detection went on from at the start. */
  readonly processed: LogPosition;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Messages per step: about 5 ms, in which nothing else is done. */
const STEP = 200;
/** Between two steps, so that detection has most of the thread. */
const PAUSE_MS = 10;
/** While detection is this far behind, the past waits. */
const FAR_BEHIND = 1_000;
const PATIENCE_MS = 250;

/**
 * After a start: reads the log's last hour into memory, the newest first, so that short ranges are
 * whole at once. Only what was processed before: the rest comes through detection. Works in the
 * background and stops when the memory is full; what is not in the log any more stays missing.
 */
export async function refillWindow(
  { log, progress, decode, window, processed, clock, logger }: RefillOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    const since = clock() - HOLD_MS;
    let end: number = processed;
    while (end > 0 && !signal.aborted) {
      const behind = (await log.end()) - progress.position;
      if (behind > FAR_BEHIND) {
        await sleep(PATIENCE_MS, undefined, { signal });
        continue;
      }
      const start = Math.max(0, end - STEP);
      const entries = (await log.read(toLogPosition(start), STEP)).filter(
        ({ position }) => position <= end,
      );
      // Positions have no gaps but for what was dropped, all of it older.
      if (entries.length === 0) return;
      const messages = entries.filter((entry) => entry.kind === 'message');
      for (const message of messages) {
        const decoded = decode(message);
        if (decoded.ok && message.receivedAt >= since && !window.fill(decoded.value)) return;
      }
      if (messages.length > 0 && messages.every(({ receivedAt }) => receivedAt < since)) return;
      end = start;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return;
    logger.error({ stage: 'refill', err: error }, 'charts begin empty: the log could not be read');
  }
}
