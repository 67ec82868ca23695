import { mkdir } from 'node:fs/promises';

import { toLogPosition } from '../../../model/brand.ts';
import type { LogPosition } from '../../../model/brand.ts';
import type { Message, OnceKey } from '../../../model/message.ts';
import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
import type { LogEntry, Retention, RulesChange, StorageFailure, Tick } from '../../../ports/log.ts';
import {
  countPositions,
  encodeBatch,
  rulesRecord,
  sizeOfBatch,
  sizeToBlock,
  tickRecord,
} from './batch.ts';
import type { Mark } from './batch.ts';
import { listSegments, makeSegmentFiles } from './files.ts';
import type { Segment } from './files.ts';
import { recoverEnd } from './recover.ts';
import { keysRecord, readKeys } from './keys.ts';
import { makeBlockBuffer, makeSegmentOpener } from './segmentFile.ts';
import type { SegmentFile } from './segmentFile.ts';
import { makeSegmentReader } from './segmentReader.ts';
import type { Damage } from './segmentReader.ts';

export interface SegmentLogOptions {
  readonly folder: string;
  /** Bytes of a segment; a batch that is larger gets one of its own size. */
  readonly segmentBytes: number;
  /** No position up to this one is given again, even when all segments are gone. */
  readonly startAfter: LogPosition;
  /** Told of messages that cannot be read any more; everything behind them can. */
  readonly onDamage: (damage: Damage) => void;
  readonly toFailure: (error: unknown) => StorageFailure;
  /** Told in the moment in which the end of the log moves behind messages with keys. */
  readonly onKeys?: (keys: readonly OnceKey[]) => void;
}

/** The part of the durable log that holds messages. */
export interface SegmentLog extends AsyncDisposable {
  /** @param keys those of the messages, to be kept with them */
  append(
    messages: readonly Message[],
    keys?: readonly OnceKey[],
  ): Promise<Result<LogPosition, StorageFailure>>;
  tick(tick: Tick): Promise<Result<LogPosition, StorageFailure>>;
  changeRules(change: RulesChange): Promise<Result<LogPosition, StorageFailure>>;
  read(after: LogPosition, limit: number): Promise<readonly LogEntry[]>;
  end(): LogPosition;
  /** Keys that stand behind a position. */
  keysAfter(position: LogPosition): Promise<OnceKey[]>;
  prune(retention: Retention, processed: LogPosition): Promise<number>;
}

interface Stretch extends Segment {
  /** The newest time of receipt in it; the time of its file where that is not known. */
  newest: number;
}

interface Waiting {
  readonly messages: readonly Message[];
  readonly keys: readonly OnceKey[];
  readonly done: (result: Result<LogPosition, StorageFailure>) => void;
}

/** Kept for the batches to be encoded into; one that is larger, and only a rare one is, gets a buffer of its own. */
const REUSED_BYTES = 2 * 1024 * 1024;

/**
 * Opens the log of a folder. Messages are on disk when `append` answers: one flush at a time, with all that
 * came while the one before was under way. A batch that a crash cut off is as if it had never been; damage in the
 * middle costs the messages it hit and no others; in the very last batch it cannot be told from a cut. A disk that is full refuses, and what is there stays readable.
 */
export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  const { folder, segmentBytes, toFailure } = options;
  await mkdir(folder, { recursive: true });
  const openSegment = makeSegmentOpener();
  const files = makeSegmentFiles(folder, segmentBytes, openSegment);
  await files.findSpares();
  const reader = makeSegmentReader(options.onDamage);
  const found = await listSegments(folder);
  const recovered = await recoverEnd(found, options.onDamage);
  const stretches: Stretch[] = recovered.segments.map((segment) => ({ ...segment }));
  let next = Math.max(recovered.next, options.startAfter + 1);
  let file: SegmentFile | undefined;
  let mark: Mark;
  let used = recovered.end;
  /* Once a segment: where the disk has no room for a spare, trying again and again would fill it for all others. */
  let isHalfFull = false;
  const current = stretches.at(-1);
  // Positions that were skipped cannot stand in the segment that is begun, nor batches in one of an earlier kind.
  if (current?.mark !== undefined && next === recovered.next) {
    file = await openSegment(current.path);
    mark = current.mark;
  }

  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  /* One flush at a time: nobody writes into it while the system still reads it. */
  const reused = makeBlockBuffer(REUSED_BYTES);

  async function write(messages: readonly Message[], keys: readonly OnceKey[]): Promise<void> {
    const least = sizeOfBatch(messages);
    // One that is larger than a segment goes into an empty one: two segments that begin with the same message cannot be.
    const isFull = used > 0 && used + least > segmentBytes;
    if (file === undefined || mark === undefined || isFull) {
      const begun = await files.begin(next);
      // What is written from now on belongs there and nowhere else, also when opening it fails.
      const before = file;
      file = undefined;
      await before?.close();
      file = await openSegment(begun.path);
      stretches.push({ ...begun, newest: 0 });
      mark = begun.mark;
      used = 0;
      isHalfFull = false;
    }
    const filled = sizeToBlock(least, used);
    const size = used + filled > segmentBytes ? least : filled;
    const bytes = size <= REUSED_BYTES ? reused.subarray(0, size) : makeBlockBuffer(size);
    encodeBatch(messages, next, mark, bytes);
    await file.write(bytes, used);
    used += size;
    next += countPositions(messages);
    if (!isHalfFull && used > segmentBytes / 2) {
      isHalfFull = true;
      files.prepareSoon();
    }
    if (keys.length > 0) options.onKeys?.(keys);
    const stretch = stretches.at(-1);
    if (stretch !== undefined) stretch.newest = newestOf(messages, stretch.newest);
  }

  async function flush(): Promise<void> {
    for (let group = takeGroup(); ; group = takeGroup()) {
      const [only] = group;
      if (only === undefined) break;
      let messages = group.length === 1 ? only.messages : group.flatMap((one) => one.messages);
      const keys = group.flatMap((one) => one.keys);
      const [newest] = messages;
      if (keys.length > 0 && newest) messages = [keysRecord(keys, newest.receivedAt), ...messages];
      const first = next;
      try {
        await write(messages, keys);
      } catch (error) {
        for (const { done } of group) done(err(toFailure(error)));
        continue;
      }
      let last = first - 1;
      for (const one of group) {
        last += one.messages.length;
        one.done(ok(toLogPosition(last)));
      }
    }
    flushing = undefined;
  }

  /* As many waiting appends as fit into one segment; at least the first, which may not. */
  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { messages } of waiting) {
      bytes += sizeOfBatch(messages);
      if (count > 0 && bytes > segmentBytes) break;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  const append: SegmentLog['append'] = (messages, keys = []) =>
    new Promise((resolve) => {
      waiting.push({ messages, keys, done: resolve });
      flushing ??= flush();
    });

  return {
    append,
    tick: (tick) => append([tickRecord(tick)]),
    changeRules: (change) => append([rulesRecord(change)]),
    async read(after, limit) {
      const entries: LogEntry[] = [];
      const end = next;
      // Of a copy: segments may be dropped while one is being read.
      for (const [index, stretch] of [...stretches].entries()) {
        const from = entries.at(-1)?.position ?? after;
        const last = (stretches[index + 1]?.first ?? end) - 1;
        if (last <= from || entries.length === limit) continue;
        entries.push(...(await reader.readOn({ ...stretch, last }, from, limit - entries.length)));
      }
      return entries;
    },
    end: () => toLogPosition(next - 1),
    async keysAfter(position) {
      const keys: OnceKey[] = [];
      for (const [index, stretch] of stretches.entries()) {
        const last = (stretches[index + 1]?.first ?? next) - 1;
        if (last > position) keys.push(...(await readKeys({ ...stretch, last }, position)));
      }
      return keys;
    },
    async prune({ before, maxBytes }, processed) {
      let dropped = 0;
      for (;;) {
        const [oldest, following] = stretches;
        if (oldest === undefined || following === undefined) return dropped;
        const tooMuch = stretches.length * segmentBytes > maxBytes;
        if (following.first - 1 > processed || (oldest.newest >= before && !tooMuch)) {
          return dropped;
        }
        stretches.shift();
        await files.release(oldest);
        dropped += following.first - oldest.first;
      }
    },
    async [Symbol.asyncDispose]() {
      await flushing;
      await files.close();
      await file?.close();
    },
  };
}

function newestOf(messages: readonly Message[], start: number): number {
  let newest = start;
  for (const { receivedAt } of messages) if (receivedAt > newest) newest = receivedAt;
  return newest;
}
