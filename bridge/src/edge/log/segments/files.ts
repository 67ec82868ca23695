import { randomBytes } from 'node:crypto';
import { open, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { MARK_BYTES } from './batch.ts';
import type { Mark } from './batch.ts';
import { makeBlockBuffer } from './segmentFile.ts';
import type { OpenSegment } from './segmentFile.ts';

/** A file that holds a stretch of the log. */
export interface Segment {
  readonly path: string;
  /** Position of its first message. */
  readonly first: number;
  /** What its batches are known by. */
  readonly mark: Mark;
}

/** Position of the first message, and the mark of its batches; without one it is of an earlier kind, see `batch.ts`. */
const NAME = /^(\d{16})(?:-([0-9a-f]{16}))?\.log$/;
const SPARE = /^spare-\d+\.log$/;
/** Zeros written at a time, so that nothing else waits long while a segment is laid out. */
const ZEROS = makeBlockBuffer(4 * 1024 * 1024);
/** Between two of them where nobody waits for the segment: flushes of messages come first. */
const GENTLE_MS = 20;

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const isMarked = ({ mark }: Segment): boolean => mark !== undefined;

/** The segments of a folder in the order of the log; an empty one of the earlier kind comes before the one that followed it. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => {
      const [, first, mark] = NAME.exec(name) ?? [];
      if (first === undefined) return [];
      const path = join(folder, name);
      return [{ path, first: Number(first), mark: mark === undefined ? mark : hex(mark) }];
    })
    .toSorted((a, b) => a.first - b.first || Number(isMarked(a)) - Number(isMarked(b)));
}

/**
 * The files of a log folder. A new segment is a spare one under a new name: its blocks are on disk already,
 * which makes each later flush cheaper (measured: a third). What a spare still holds is told apart by its positions.
 */
export function makeSegmentFiles(folder: string, bytes: number, openSegment: OpenSegment) {
  let spares: string[] = [];
  let made = 0;

  let underWay: Promise<void> | undefined;
  /* Begun last: where opening it failed, it is begun again, or there would be two with the same messages. */
  let begun: (Segment & { readonly mark: Buffer }) | undefined;
  const closing = new AbortController();

  /** @param gently so that the disk stays free for others: each piece is flushed, and a pause follows */
  async function layOut(path: string, gently: boolean): Promise<void> {
    await writeFile(path, '');
    const file = await openSegment(path);
    try {
      for (let at = 0; at < bytes; at += ZEROS.length) {
        await file.write(ZEROS.subarray(0, Math.min(ZEROS.length, bytes - at)), at);
        if (gently) await sleep(GENTLE_MS, undefined, { signal: closing.signal });
      }
    } catch (error) {
      // Half a spare would only take the space that is missing.
      await file.close();
      await unlink(path);
      throw error;
    }
    await file.close();
  }

  /** Lays a spare out when there is none. */
  async function prepare(gently: boolean): Promise<void> {
    if (spares.length > 0) return;
    made += 1;
    const path = join(folder, `spare-${made}.log`);
    await layOut(path, gently);
    spares.push(path);
  }

  return {
    /** Finds the spares an earlier process left. */
    async findSpares(): Promise<void> {
      const names = await readdir(folder);
      spares = names.filter((name) => SPARE.test(name)).map((name) => join(folder, name));
      made = Math.max(0, ...names.map((name) => Number(/^spare-(\d+)/.exec(name)?.[1] ?? 0)));
    },
    /**
     * Begins to lay a spare out when there is none, beside all else: begun only when it is needed it would hold up every
     * message for as long as that takes, a tenth of a second or more. Where it fails, `begin` will say so.
     */
    prepareSoon(): void {
      underWay ??= prepare(true)
        .catch(() => undefined)
        .finally(() => {
          underWay = undefined;
        });
    },
    /** Makes a spare the segment that begins at `first`; durable when it resolves. */
    async begin(first: number): Promise<Segment & { readonly mark: Buffer }> {
      if (begun?.first === first) return begun;
      await underWay;
      await prepare(false);
      const [spare, ...others] = spares;
      if (spare === undefined) throw new Error('a spare was laid out and is gone');
      const mark = randomBytes(MARK_BYTES);
      const name = `${String(first).padStart(16, '0')}-${mark.toString('hex')}.log`;
      const path = join(folder, name);
      await rename(spare, path);
      try {
        await syncFolder(folder);
      } catch (error) {
        // The segment before goes on; an empty one behind it would stand where its messages are looked for.
        await rename(path, spare);
        throw error;
      }
      spares = others;
      begun = { path, first, mark };
      return begun;
    },
    /** Gives up what is still being laid out. */
    async close(): Promise<void> {
      closing.abort();
      await underWay;
    },
    /** Gives a segment up: kept as the spare if there is none, else deleted. */
    async release({ path }: Segment): Promise<void> {
      if (spares.length > 0) {
        await unlink(path);
        return;
      }
      made += 1;
      const spare = join(folder, `spare-${made}.log`);
      await rename(path, spare);
      spares.push(spare);
    },
  };
}

/** A new name is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Up to `length` bytes from `at`; less at the end of the file. */
export async function readUpTo(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === length) return bytes.subarray(0, filled);
  }
}
