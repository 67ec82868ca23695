import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { toLogPosition } from '../../../model/brand.ts';
import type { LogPosition } from '../../../model/brand.ts';
import type { LogEntry } from '../../../ports/log.ts';
import { claimedSize, findBatch, entriesOf, readBatch } from './batch.ts';
import type { Mark } from './batch.ts';
import { readUpTo } from './files.ts';
import type { Segment } from './files.ts';

/** Messages that were on disk and cannot be read any more. */
export interface Damage {
  readonly path: string;
  /** Byte in the file where it begins. */
  readonly at: number;
  readonly firstLost: LogPosition;
  readonly lastLost: LogPosition;
}

/** A segment and what is known of its end. */
export interface ReadableSegment extends Segment {
  /** Position of its last message; one below `first` while it has none. */
  readonly last: number;
}

/** Bytes read at a time: some thousand messages. */
const CHUNK = 1024 * 1024;

/** Reads segments on, batch by batch, and steps over what is damaged. */
export function makeSegmentReader(onDamage: (damage: Damage) => void) {
  /* Where the last read ended, so that the next one need not search. */
  let place = { path: '', position: 0, at: 0 };

  /** Entries behind `after`, at most `limit`; none when the segment has no further ones. */
  async function readOn(
    segment: ReadableSegment,
    after: LogPosition,
    limit: number,
  ): Promise<LogEntry[]> {
    const handle = await open(segment.path, 'r');
    const entries: LogEntry[] = [];
    const isKnown = place.path === segment.path && place.position <= after + 1;
    let { position, at } = isKnown ? place : { position: segment.first, at: 0 };
    try {
      while (position <= segment.last && entries.length < limit) {
        const bytes = await readBatches(handle, at, segment.mark);
        let from = 0;
        let before = { position, from };
        for (
          let batch = readBatch(bytes, 0, segment.mark);
          batch?.first === position && entries.length < limit;
          batch = readBatch(bytes, from, segment.mark)
        ) {
          before = { position, from };
          for (const entry of entriesOf(batch, after)) entries.push(entry);
          from = batch.end;
          position = batch.last + 1;
        }
        if (from === 0) {
          const lost = await stepOver(handle, segment, position, at);
          onDamage(lost.damage);
          position = lost.damage.lastLost + 1;
          at = lost.next;
        } else if (entries.length > limit) {
          // What is beyond the limit is read again, with the batch it stands in.
          position = before.position;
          at += before.from;
        } else at += from;
      }
      place = { path: segment.path, position, at };
      return entries.slice(0, limit);
    } finally {
      await handle.close();
    }
  }

  return { readOn };
}

/** A chunk from `at` on, large enough for the batch that begins there. */
async function readBatches(handle: FileHandle, at: number, mark: Mark): Promise<Buffer> {
  const chunk = await readUpTo(handle, at, CHUNK);
  const size = claimedSize(chunk, mark);
  if (size <= chunk.length || size > (await handle.stat()).size - at) return chunk;
  return readUpTo(handle, at, size);
}

/** Finds where the segment can be read again, and what lies before that. */
async function stepOver(
  handle: FileHandle,
  { path, last, mark }: ReadableSegment,
  position: number,
  at: number,
): Promise<{ readonly damage: Damage; readonly next: number }> {
  const rest = await readUpTo(handle, at, (await handle.stat()).size - at);
  const found = findBatch(rest, 1, position, mark);
  const isInside = found !== undefined && found.first <= last;
  const lastLost = toLogPosition(isInside ? found.first - 1 : last);
  const damage = { path, at, firstLost: toLogPosition(position), lastLost };
  return { damage, next: at + (isInside ? found.start : 0) };
}
