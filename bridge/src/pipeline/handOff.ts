import { toLogPosition } from '../model/brand.ts';
import type { LogPosition } from '../model/brand.ts';
import { bytesOfReadings, clearReadings, makeReadings } from '../model/readings.ts';
import type { Readings } from '../model/readings.ts';
import type { Tick } from '../ports/log.ts';
import type { Wakeup } from './wakeup.ts';

/** What stands in the log at consecutive positions: readings, or one tick. */
export interface Stretch {
  readonly kind: 'readings' | 'tick';
  readonly first: LogPosition;
  readonly last: LogPosition;
  /** One for each position; none for a tick. They hold until `next` is asked for what comes behind them. */
  readonly readings: Readings;
  readonly tick: Tick | undefined;
}

/** Positions whose content is in the log only. */
export interface Missing {
  readonly kind: 'missing';
  readonly last: LogPosition;
}

/**
 * The way from the log's first stage to its second that spares reading it: what was appended is handed on in memory, with
 * its positions. Bounded; what it could not keep is in the log, and `next` says so.
 */
export interface HandOff {
  /** Empty, to be filled and offered. */
  take(): Readings;
  /**
   * These are in the log now, the last of them at `last`, and no position up to `last` will be appended any more. They belong to
   * the hand-off from now on.
   */
  offer(last: LogPosition, readings: Readings): void;
  offerTick(position: LogPosition, tick: Tick): void;
  /** The log goes up to here, whoever wrote it: at a start. */
  reach(end: LogPosition): void;
  /** What comes behind `judged`, which may begin before it; undefined at the end. Lets go of all up to `judged`. */
  next(judged: LogPosition): Stretch | Missing | undefined;
  /**
   * Resolves at once, or when detection has come near enough to take more on: waited for before messages are appended, it
   * makes their sender wait. Rejects when aborted.
   */
  room(signal: AbortSignal): Promise<void>;
}

export interface HandOffLimits {
  /** Readings in memory from which on nobody has room, and no more are kept while the log is read. */
  readonly kept: number;
  /** Positions that detection may be behind while it reads the log. */
  readonly behind: number;
}

/**
 * `kept`: four full batches of the intake, so that one is appended while others wait for detection, at about 90 bytes a
 * reading some 1.5 MB. `behind`: after a start messages are made safe before all that an earlier process left is judged, for a
 * broker keeps only so many for us (Mosquitto 1,000 unless told otherwise); a million are judged in some seconds.
 */
const LIMITS: HandOffLimits = { kept: 16_000, behind: 1_000_000 };

/** Batches kept to be filled again: as many as wait, and one that is being filled. */
const MOST_SPARE = 5;
/** Four thousand readings of fifty metrics; memory above that is given back. */
const MOST_SPARE_BYTES = 2_000_000;

/** @param appended notified of every offer */
export function makeHandOff(appended: Wakeup, limits: HandOffLimits = LIMITS): HandOff {
  /* In order of position; without the positions that are missing. */
  let stretches: Stretch[] = [];
  let kept = 0;
  /* The last position in the log that is known here. */
  let end = 0;
  let judged = 0;
  const waiting = new Set<() => void>();
  const spare: Readings[] = [];
  const none = makeReadings();

  function giveBack(readings: Readings): void {
    const isUsual = readings !== none && bytesOfReadings(readings) <= MOST_SPARE_BYTES;
    if (isUsual && spare.length < MOST_SPARE) spare.push(readings);
  }

  /* While everything is in memory it stays there: reading the log means decoding twice. */
  const isFull = (): boolean => {
    const behind = end - judged;
    return behind >= (kept >= behind ? limits.kept : limits.behind);
  };

  function add(stretch: Stretch): void {
    const size = stretch.last - stretch.first + 1;
    end = Math.max(end, stretch.last);
    // Who had room for it finds it kept, and a tick costs nothing: what is dropped makes detection read, and that is slower.
    const isWhole = kept + size >= end - judged || stretch.kind === 'tick';
    if ((isWhole || kept < limits.kept) && stretch.last > judged) {
      kept += size;
      let at = stretches.length;
      // Appends answer in order, those who waited for them may go on in another.
      while (at > 0 && (stretches[at - 1] as Stretch).first > stretch.first) at -= 1;
      stretches.splice(at, 0, stretch);
    } else giveBack(stretch.readings);
    appended.notify();
  }

  function letGo(): void {
    let done = 0;
    for (let stretch = stretches[done]; stretch !== undefined; stretch = stretches[done]) {
      if (stretch.last > judged) break;
      kept -= stretch.last - stretch.first + 1;
      giveBack(stretch.readings);
      done += 1;
    }
    if (done > 0) stretches = stretches.slice(done);
    if (end - judged < limits.kept / 2) for (const goOn of waiting) goOn();
  }

  return {
    take() {
      const readings = spare.pop() ?? makeReadings();
      clearReadings(readings);
      return readings;
    },
    offer(last, readings) {
      if (readings.count === 0) {
        giveBack(readings);
        return;
      }
      const first = toLogPosition(last - readings.count + 1);
      add({ kind: 'readings', first, last, readings, tick: undefined });
    },
    offerTick(position, tick) {
      add({ kind: 'tick', first: position, last: position, readings: none, tick });
    },
    reach(position) {
      end = Math.max(end, position);
    },
    next(after) {
      judged = after;
      letGo();
      const [head] = stretches;
      if (head !== undefined && head.first <= after + 1) return head;
      const last = toLogPosition(head === undefined ? end : head.first - 1);
      return last > after ? { kind: 'missing', last } : undefined;
    },
    async room(signal) {
      signal.throwIfAborted();
      if (!isFull()) return;
      await new Promise<void>((resolve, reject) => {
        const goOn = (): void => {
          signal.removeEventListener('abort', abort);
          waiting.delete(goOn);
          resolve();
        };
        const abort = (): void => {
          waiting.delete(goOn);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.add(goOn);
      });
    },
  };
}
