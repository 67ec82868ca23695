import { toEpochMs } from '../model/brand.ts';
import type { DeviceKey, EpochMs, LogPosition } from '../model/brand.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Engine } from '../core/engine.ts';
import type { Clock } from '../ports/clock.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Outbox, Progress } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { makeListeningClock } from './listening.ts';
import { makeWakeup } from './wakeup.ts';
import { untilStored } from './untilStored.ts';
import type { Wakeup } from './wakeup.ts';

export interface ProcessOptions {
  readonly log: DurableLog;
  readonly outbox: Outbox;
  readonly decode: Decoder;
  readonly engine: Engine;
  readonly appended: Wakeup;
  readonly recorded: Wakeup;
  readonly isListening: () => boolean;
  /** Asked once per tick: no message that was sent is still waiting in front of the log. */
  readonly hasHeardAll?: () => boolean;
  /** Told of every reading, once it is in the log; the charts are fed from here. */
  readonly heard?: ((reading: Reading) => void) | undefined;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Waiting for company after the first message of a transaction. */
  readonly lingerMs?: number;
}

/** Messages per transaction: about 20 ms of detection, so that a tick is never late by much. */
const BATCH = 500;
const TICK_MS = 1_000;
/**
 * Waiting for company after the first message: a transaction of its own for every message would
 * double the flushes of the disk. Where one takes 12 ms, a queue moves at 55 messages a second
 * with 20 ms here, and at 80 with 100 ms; both are little beside the seconds that conditions
 * have to hold.
 */
const LINGER_MS = 100;

/**
 * Second stage: reads the log in order, detects, and records signals, detector state and position
 * in one transaction. Killed at any point and started again it repeats itself with the same keys.
 *
 * Returns when `signal` is aborted and everything in the log is processed.
 */
export async function runProcess(options: ProcessOptions, signal: AbortSignal): Promise<void> {
  const { log, outbox, engine, appended, clock } = options;
  const restored = await outbox.restore();
  for (const [device, state] of restored.states) engine.restore(device, state);
  let listenedAt = restored.listenedAt ?? clock();
  const listening = makeListeningClock(listenedAt);
  const record = makeRecorder(options, signal);
  let cursor = restored.cursor;
  const rest = makeWakeup();
  let nextTick = clock();

  for (;;) {
    const entries = await log.read(cursor, BATCH);
    const signals: Signal[] = [];
    for (const entry of entries) {
      const decoded = options.decode(entry.topic, entry.payload, entry.receivedAt);
      // A mapping may have changed since the message was accepted; then it belongs to quarantine.
      if (decoded.ok) {
        signals.push(...engine.accept(decoded.value, listenedAt));
        options.heard?.(decoded.value);
      } else {
        const { error } = decoded;
        await untilStored(
          'process',
          () => log.quarantine([{ message: entry, rejection: error }]),
          options.logger,
          signal,
        );
      }
      cursor = entry.position;
    }
    if (entries.length > 0) await record(signals, cursor, listenedAt);
    // Silence is judged only by someone who has read everything that was said.
    const caughtUp = entries.length < BATCH;
    if (caughtUp && clock() >= nextTick && !signal.aborted) {
      nextTick = toEpochMs(clock() + TICK_MS);
      const before = listenedAt;
      listenedAt = listening.advance(clock(), options.isListening());
      options.counters.listened(listenedAt - before);
      const heardAll = options.hasHeardAll?.() ?? true;
      await record(heardAll ? engine.tick(listenedAt, clock()) : [], cursor, listenedAt);
    }
    if (!caughtUp) continue;
    if (signal.aborted && entries.length === 0) return;
    await appended.wait(Math.max(nextTick - clock(), 1), signal);
    await rest.wait(options.lingerMs ?? LINGER_MS, signal);
  }
}

type Record = (
  signals: readonly Signal[],
  cursor: LogPosition,
  listenedAt: EpochMs,
) => Promise<void>;

/** Records a step, again and again while the disk refuses: the engine cannot be asked twice. */
function makeRecorder(options: ProcessOptions, signal: AbortSignal): Record {
  const { engine, outbox, clock, counters, logger, recorded } = options;
  return async (signals, cursor, listenedAt) => {
    const states: ReadonlyMap<DeviceKey, string> = engine.takeDirty();
    const progress: Progress = {
      signals,
      states,
      cursor,
      listenedAt,
      recordedAt: clock(),
    };
    await untilStored('process', () => outbox.record(progress), logger, signal);
    for (const { phase } of signals) counters.signalRecorded(phase);
    if (signals.length > 0) recorded.notify();
  };
}
