import { toEpochMs } from '../model/brand.ts';
import type { EpochMs, LogPosition } from '../model/brand.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Engine } from '../core/engine.ts';
import type { Clock } from '../ports/clock.ts';
import type { DurableLog, LogEntry } from '../ports/log.ts';
import type { Outbox, Snapshot } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { makeListeningClock } from './listening.ts';
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
  /** Where this stage is; told to the metrics and to who waits for it. */
  readonly progress?: ProcessProgress;
  /** Between two snapshots; `SNAPSHOT_MS` unless a test cannot wait. */
  readonly snapshotMs?: number;
}

export interface ProcessProgress {
  /** Everything up to this position has been judged. */
  position: LogPosition;
}

/** Entries judged between two looks at the clock: about 10 ms, so that a tick is never late by much. */
const BATCH = 2_000;
const TICK_MS = 1_000;
/**
 * Between two snapshots of the detectors. After a crash that much of the log is judged again, which takes
 * a fraction of it; a stop takes one at its end.
 */
const SNAPSHOT_MS = 10_000;

/**
 * Second stage: reads the log in order, detects, and records signals. The detectors' state is recorded with the
 * position it belongs to every `SNAPSHOT_MS`. All that detection goes by stands in the log, the passing of
 * time too, so killed at any point and started again it repeats itself with the same keys.
 *
 * Returns when `signal` is aborted and everything in the log is processed.
 */
export async function runProcess(options: ProcessOptions, signal: AbortSignal): Promise<void> {
  const { log, outbox, engine, appended, clock, snapshotMs = SNAPSHOT_MS } = options;
  const restored = await outbox.restore();
  for (const [device, state] of restored.states) engine.restore(device, state);
  let listenedAt = restored.listenedAt ?? clock();
  const listening = makeListeningClock(listenedAt);
  const record = makeRecorder(options, signal);
  const judge = makeJudge(options, signal);
  let cursor = restored.cursor;
  let kept = cursor;
  let nextTick = clock();
  let nextSnapshot = toEpochMs(clock() + snapshotMs);
  const snapshot = async (): Promise<void> => {
    nextSnapshot = toEpochMs(clock() + snapshotMs);
    if (cursor === kept) return;
    await record([], { states: engine.takeDirty(), cursor, listenedAt });
    kept = cursor;
  };

  for (;;) {
    const entries = await log.read(cursor, BATCH);
    const signals: Signal[] = [];
    for (const entry of entries) {
      signals.push(...(await judge(entry, listenedAt)));
      if (entry.kind === 'tick') listenedAt = entry.listenedAt;
      cursor = entry.position;
    }
    if (signals.length > 0) await record(signals);
    if (options.progress !== undefined) options.progress.position = cursor;
    if (clock() >= nextSnapshot) await snapshot();
    if (entries.length > 0) continue;
    if (signal.aborted) {
      await snapshot();
      return;
    }
    // Time passes only for someone who has read everything that was said.
    if (clock() >= nextTick) {
      nextTick = toEpochMs(clock() + TICK_MS);
      const next = listening.advance(clock(), options.isListening());
      options.counters.listened(next - listenedAt);
      const heardAll = options.hasHeardAll?.() ?? true;
      const tick = { at: clock(), listenedAt: next, heardAll };
      await untilStored('process', () => log.tick(tick), options.logger, signal);
      continue;
    }
    await appended.wait(Math.max(nextTick - clock(), 1), signal);
  }
}

/** What one entry of the log comes to. */
function makeJudge({ decode, engine, heard, log, logger }: ProcessOptions, signal: AbortSignal) {
  return async (entry: LogEntry, listenedAt: EpochMs): Promise<readonly Signal[]> => {
    if (entry.kind === 'tick') return entry.heardAll ? engine.tick(entry.listenedAt, entry.at) : [];
    const decoded = decode(entry);
    if (decoded.ok) {
      heard?.(decoded.value);
      return engine.accept(decoded.value, listenedAt);
    }
    // A mapping may have changed since the message was accepted; then it belongs to quarantine.
    const rejected = [{ message: entry, rejection: decoded.error }];
    await untilStored('process', () => log.quarantine(rejected), logger, signal);
    return [];
  };
}

/** Records a step, again and again while the disk refuses: the engine cannot be asked twice. */
function makeRecorder(options: ProcessOptions, signal: AbortSignal) {
  const { outbox, clock, counters, logger, recorded } = options;
  return async (signals: readonly Signal[], snapshot?: Snapshot): Promise<void> => {
    const progress = { signals, recordedAt: clock(), ...(snapshot && { snapshot }) };
    await untilStored('process', () => outbox.record(progress), logger, signal);
    for (const { phase } of signals) counters.signalRecorded(phase);
    if (signals.length > 0) recorded.notify();
  };
}
