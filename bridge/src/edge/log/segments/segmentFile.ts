import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Places, lengths and memory of a direct write are multiples of it: pages, and blocks of every usual disk. */
export const BLOCK = 4_096;
/**
 * Past the page cache, and durable when the write returns: measured on ext4 a quarter of the system time of write and
 * flush, for nothing is copied and no page is sought. Not every system and file system has it.
 */
const DIRECT = (constants.O_DIRECT ?? 0) | (constants.O_DSYNC ?? 0);
const isOffered = constants.O_DIRECT !== undefined && constants.O_DSYNC !== undefined;

/**
 * Memory that direct writes may begin in. What could grow gets pages of its own from the engine of the language, other
 * memory begins anywhere; where that is not so, the system refuses direct writes and all go the other way.
 */
export function makeBlockBuffer(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes);
}

/** A file that is written at places of the caller's choice. */
export interface SegmentFile {
  /** @param bytes at the beginning of a block buffer, or anywhere: then they go the slow way. Durable when it resolves. */
  write(bytes: Buffer, at: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file that is there. */
export type OpenSegment = (path: string) => Promise<SegmentFile>;

/** Opens files for direct writes as long as none was refused. */
export function makeSegmentOpener(): OpenSegment {
  let isRefused = !isOffered;

  async function openDirect(path: string): Promise<FileHandle | undefined> {
    if (isRefused) return undefined;
    try {
      return await open(path, constants.O_WRONLY | DIRECT);
    } catch (error) {
      if (!isInvalid(error)) throw error;
      isRefused = true;
      return undefined;
    }
  }

  return async (path) => {
    const handle = await open(path, 'r+');
    const direct = await openDirect(path).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });

    async function tryDirect(bytes: Buffer, at: number): Promise<boolean> {
      const fits = at % BLOCK === 0 && bytes.length % BLOCK === 0;
      if (direct === undefined || isRefused || !fits) return false;
      try {
        await writeFully(direct, bytes, at);
        return true;
      } catch (error) {
        if (!isInvalid(error)) throw error;
        isRefused = true;
        return false;
      }
    }

    return {
      async write(bytes, at) {
        if (await tryDirect(bytes, at)) return;
        await writeFully(handle, bytes, at);
        await handle.datasync();
      },
      async close() {
        await direct?.close();
        await handle.close();
      },
    };
  };
}

/** What the system says of a write it cannot do directly. Source: open(2), O_DIRECT. */
function isInvalid(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EINVAL';
}

/** Writes all of it, however little the system takes at a time. */
async function writeFully(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(
      bytes,
      written,
      bytes.length - written,
      at + written,
    );
    written += bytesWritten;
  }
}
