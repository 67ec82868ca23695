import { setImmediate as nextTurn } from 'node:timers/promises';
import { toLogPosition } from '../model/brand.ts';
import type { LogPosition } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Engine } from '../core/engine.ts';
import type { Clock } from '../ports/clock.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { countBy } from './countBy.ts';
import { makeDetection } from './detection.ts';
import type { Detection, Heard } from './detection.ts';
import type { HandOff } from './handOff.ts';
import { lingerMs } from './linger.ts';
import type { Load } from './linger.ts';
import type { Snapshots } from './snapshots.ts';
import { makeTicks } from './ticks.ts';
import { untilStored } from './untilStored.ts';
import type { Wakeup } from './wakeup.ts';

export interface ProcessOptions {
  readonly log: DurableLog;
  readonly outbox: Outbox;
  readonly decode: Decoder;
  readonly engine: Engine;
  /** Where readings come from; what it could not keep is read from the log. */
  readonly handOff: HandOff;
  /** Notified of what is handed over. */
  readonly appended: Wakeup;
  readonly recorded: Wakeup;
  readonly isListening: () => boolean;
  /** Asked once per tick: no message that was sent is still waiting in front of the log. */
  readonly hasHeardAll?: () => boolean;
  /** Told of every reading, once it is in the log; the charts are fed from here. */
  readonly heard?: Heard | undefined;
  /** Told, more than once, when all that an earlier process left in the log has been judged. */
  readonly onCaughtUp?: (() => void) | undefined;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Where this stage is; told to the metrics and to who waits for it. */
  readonly progress?: ProcessProgress;
  /** The state of the engine on disk. */
  readonly snapshots: Snapshots;
  /** Absent: there is always time for small batches. */
  readonly load?: Load;
}

export interface ProcessProgress {
  /** Everything up to this position has been judged, and its signals are recorded. */
  position: LogPosition;
}

/** Judged without a break: so long may timers, /metrics and publishing have to wait for their turn. */
const SLICE_MS = 10;
/** Entries read from the log at a time: decoded and judged they take about a slice. */
const READ = 4_000;
/**
 * Between two records of signals, each of which waits for the disk with everything (measured: 0.3 to 1 ms): a signal
 * that comes alone is recorded at once, in a burst many share one. The busier the process, the more (`linger.ts`).
 */
const RECORD_MS = 5;
/**
 * Second stage: takes the log in its order, detects, and records signals. Readings come from the first stage in memory;
 * what was missed there, at a start above all, is read from the log. The detectors' state is kept now and then, with the
 * position it belongs to (`snapshots.ts`). All that detection goes by stands in the log, the passing of
 * time too, so killed at any point and started again it repeats itself with the same keys.
 *
 * Returns when `signal` is aborted and everything in the log is processed.
 */
export async function runProcess(options: ProcessOptions, signal: AbortSignal): Promise<void> {
  const { log, handOff, appended, clock, snapshots, load = () => 0 } = options;
  const nothing = { cursor: toLogPosition(0), listenedAt: clock() };
  const detection = makeDetection(options, (await snapshots.restore()) ?? nothing);
  const judgeSome = makeJudging(options, detection, signal);
  const record = makeRecorder(options, signal);
  const ticks = makeTicks(options);
  const left = await log.end();
  handOff.reach(left);
  let nextRecordMs = 0;
  let signals: Signal[] = [];
  const countRepeats = makeRepeatCount(options);

  const recordSignals = async (): Promise<void> => {
    if (signals.length > 0) {
      await record(signals);
      signals = [];
      nextRecordMs = performance.now() + Math.max(RECORD_MS, lingerMs(load()));
    }
    if (options.progress !== undefined) options.progress.position = detection.cursor;
  };
  for (;;) {
    const more = await judgeSome();
    countRepeats(detection.cursor > left);
    for (const found of detection.takeSignals()) signals.push(found);
    if (signals.length === 0 || performance.now() >= nextRecordMs) await recordSignals();
    if (snapshots.isDue(detection.cursor)) {
      // What the state has seen must not be unsaid after a crash.
      await recordSignals();
      snapshots.begin(detection);
    }
    if (!more && signal.aborted) {
      await recordSignals();
      await snapshots.finish(detection);
      return;
    }
    if (!more) ticks.begin(detection.listenedAt);
    if (detection.cursor >= left) options.onCaughtUp?.();
    const dueMs = ticks.dueMs();
    if (dueMs <= 0 && !signal.aborted) await ticks.write(signal);
    else if (more) await nextTurn();
    else {
      const recordMs = signals.length > 0 ? nextRecordMs - performance.now() : dueMs;
      await appended.wait(Math.max(Math.min(dueMs, recordMs), 1), signal);
    }
  }
}

/** Judges for about a slice; answers whether there may be more. */
function makeJudging(
  { log, handOff, logger }: ProcessOptions,
  detection: Detection,
  signal: AbortSignal,
): () => Promise<boolean> {
  async function readOn(last: LogPosition): Promise<void> {
    const limit = Math.min(READ, last - detection.cursor);
    const entries = await log.read(detection.cursor, limit);
    if (entries.length === 0) detection.skipTo(last);
    const rejected = detection.judgeEntries(entries);
    if (rejected.length > 0) {
      await untilStored('process', () => log.quarantine(rejected), logger, signal);
    }
  }

  return async () => {
    const untilMs = performance.now() + SLICE_MS;
    let next = handOff.next(detection.cursor);
    if (next?.kind === 'missing') {
      // Who appended it may not have had the turn to hand it over.
      await nextTurn();
      next = handOff.next(detection.cursor);
    }
    if (next?.kind === 'missing') {
      await readOn(next.last);
      return true;
    }
    while (next !== undefined) {
      if (next.kind === 'missing' || performance.now() >= untilMs) return true;
      detection.judge(next, untilMs);
      next = handOff.next(detection.cursor);
    }
    return false;
  };
}

/** Records a step, again and again while the disk refuses: the engine cannot be asked twice. */
function makeRecorder(options: ProcessOptions, signal: AbortSignal) {
  const { outbox, clock, counters, logger, recorded } = options;
  return async (signals: readonly Signal[]): Promise<void> => {
    const progress = { signals, recordedAt: clock() };
    const added = await untilStored('process', () => outbox.record(progress), logger, signal);
    if (added < signals.length) counters.duplicatesSeen('signals', signals.length - added);
    for (const [phase, count] of countBy(signals, phaseOf)) {
      counters.signalRecorded(phase, count);
    }
    if (signals.length > 0) recorded.notify();
  };
}

/** Counts readings that were there before; what an earlier process left was counted when it came. */
function makeRepeatCount({ engine, counters }: ProcessOptions): (isNew: boolean) => void {
  let told = engine.repeats;
  return (isNew) => {
    const { repeats } = engine;
    if (isNew && repeats > told) counters.duplicatesSeen('readings', repeats - told);
    told = repeats;
  };
}

const phaseOf = ({ phase }: Signal): string => phase;
