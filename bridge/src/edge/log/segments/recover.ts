import { open, stat } from 'node:fs/promises';

import { toLogPosition } from '../../../model/brand.ts';
import { findBatch, readBatch } from './batch.ts';
import { readUpTo } from './files.ts';
import type { Segment } from './files.ts';
import type { Damage } from './segmentReader.ts';

export interface Recovered {
  readonly segments: readonly (Segment & { readonly newest: number })[];
  /** The position the next message gets. */
  readonly next: number;
  /** Byte in the last segment where the next batch goes. */
  readonly end: number;
}

/**
 * Finds the end of the log. In the last segment every batch is looked at: the first that is not whole, or that has
 * positions of an earlier use of the file, is the end, unless a whole one with later positions follows: then what lies
 * between is damaged, and the log goes on behind it.
 */
export async function recoverEnd(
  segments: readonly Segment[],
  onDamage: (damage: Damage) => void,
): Promise<Recovered> {
  const dated = await Promise.all(
    segments.map(async (segment) => ({ ...segment, newest: (await stat(segment.path)).mtimeMs })),
  );
  const last = dated.at(-1);
  if (last === undefined) return { segments: [], next: 1, end: 0 };
  const handle = await open(last.path, 'r');
  try {
    const bytes = await readUpTo(handle, 0, (await handle.stat()).size);
    let next = last.first;
    let end = 0;
    for (;;) {
      const batch = readBatch(bytes, end, last.mark);
      if (batch?.first === next) {
        next = batch.last + 1;
        end = batch.end;
        continue;
      }
      const later = findBatch(bytes, end, next, last.mark);
      if (later === undefined) return { segments: dated, next, end };
      onDamage({
        path: last.path,
        at: end,
        firstLost: toLogPosition(next),
        lastLost: toLogPosition(later.first - 1),
      });
      next = later.first;
      end = later.start;
    }
  } finally {
    await handle.close();
  }
}
