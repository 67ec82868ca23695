import type { Decoder } from '../core/decode/decoder.ts';
import type { Engine } from '../core/engine.ts';
import { toLogPosition } from '../model/brand.ts';
import type { EpochMs, LogPosition } from '../model/brand.ts';
import { clearReadings, makeReadings } from '../model/readings.ts';
import type { Readings } from '../model/readings.ts';
import type { Signal } from '../model/signal.ts';
import type { LogEntry, Rejected, Tick } from '../ports/log.ts';
import type { Stretch } from './handOff.ts';

/** Told of the readings from `first` until before `end`, which hold until it returns. */
export type Heard = (readings: Readings, first: number, end: number) => void;

export interface DetectionOptions {
  readonly engine: Engine;
  readonly decode: Decoder;
  /** Told of every reading, once it is in the log; the charts are fed from here. */
  readonly heard?: Heard | undefined;
}

/** The engine and where in the log it is. Whatever way an entry comes, it is judged once, in its turn. */
export interface Detection {
  /** Everything up to here has been judged. */
  readonly cursor: LogPosition;
  /** The listening clock of the last tick. */
  readonly listenedAt: EpochMs;
  /** Judges what of this stretch has not been judged, until `untilMs` of `performance.now()` at about. */
  judge(stretch: Stretch, untilMs: number): void;
  /** Judges entries of the log; answers those that no mapping covers any more. */
  judgeEntries(entries: readonly LogEntry[]): readonly Rejected[];
  /** What lay up to here cannot be read any more. */
  skipTo(position: LogPosition): void;
  /** The signals since they were taken last. */
  takeSignals(): readonly Signal[];
}

/** Readings judged between two looks at the clock: a tenth of a millisecond or two. */
const STEP = 128;

export function makeDetection(
  { engine, decode, heard }: DetectionOptions,
  start: { readonly cursor: LogPosition; readonly listenedAt: EpochMs },
): Detection {
  let { cursor, listenedAt } = start;
  let signals: Signal[] = [];
  /* Of entries of the log. */
  const read = makeReadings();

  function accept(readings: Readings, first: number, end: number): void {
    heard?.(readings, first, end);
    for (const signal of engine.acceptAll(readings, first, end, listenedAt)) signals.push(signal);
  }

  function pass(tick: Tick): void {
    if (tick.heardAll) {
      for (const signal of engine.tick(tick.listenedAt, tick.at)) signals.push(signal);
    }
    ({ listenedAt } = tick);
  }

  return {
    get cursor() {
      return cursor;
    },
    get listenedAt() {
      return listenedAt;
    },
    judge({ first, readings, tick }, untilMs) {
      if (tick !== undefined) {
        pass(tick);
        cursor = first;
        return;
      }
      const { count } = readings;
      for (let at = cursor + 1 - first; at < count;) {
        const stop = Math.min(at + STEP, count);
        accept(readings, at, stop);
        at = stop;
        cursor = toLogPosition(first + at - 1);
        if (performance.now() >= untilMs) return;
      }
    },
    judgeEntries(entries) {
      const rejected: Rejected[] = [];
      clearReadings(read);
      const acceptThem = (): void => {
        accept(read, 0, read.count);
        clearReadings(read);
      };
      for (const entry of entries) {
        if (entry.kind !== 'message') acceptThem();
        if (entry.kind === 'tick') pass(entry);
        else if (entry.kind === 'rules') {
          for (const one of engine.replaceRules(entry.text, entry.position, entry.at)) {
            signals.push(one);
          }
        } else {
          const rejection = decode.into(entry, read);
          // A mapping may have changed since the message was accepted; then it belongs to quarantine.
          if (rejection !== undefined) rejected.push({ message: entry, rejection });
        }
        cursor = entry.position;
      }
      acceptThem();
      return rejected;
    },
    skipTo(position) {
      cursor = position;
    },
    takeSignals() {
      const taken = signals;
      signals = [];
      return taken;
    },
  };
}
