import { fdatasync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { FRAME_BYTES } from './frames.ts';

/** How bytes get to the disk; another one in tests of disks that refuse. */
export interface DiskWrites {
  write(fd: number, bytes: Buffer, at: number): Promise<number>;
  writeNow(fd: number, bytes: Buffer, at: number): number;
  flush(fd: number): Promise<void>;
}

const writeLater = promisify(write);
const flushLater = promisify(fdatasync);

export const diskWrites: DiskWrites = {
  write: async (fd, bytes, at) => (await writeLater(fd, bytes, 0, bytes.length, at)).bytesWritten,
  writeNow: (fd, bytes, at) => writeSync(fd, bytes, 0, bytes.length, at),
  flush: flushLater,
};

/** Frames that wait for the disk, in memory: 32 MB. Beyond that they are written at once. */
const MOST_WAITING = 32;
/** Where so few wait there is room for more. */
const FEW_WAITING = 2;
/** Frames between two flushes: so that little of it is still on its way when the log flushes its own. */
const FLUSH_EVERY = 8;

/** Writes frames one after the other to a file, without waiting for the disk as far as memory allows. */
export interface FrameWriter {
  /** An empty frame to fill, of at least so many bytes. */
  buffer(bytes: number): Buffer;
  /** Takes the first `length` bytes of a filled frame. */
  push(buffer: Buffer, length: number): void;
  room(): Promise<void>;
  /** Resolves when all is on disk; rejects with the first refusal. */
  flush(): Promise<void>;
  /** Resolves when nothing is being written any more. */
  rest(): Promise<void>;
  readonly bytes: number;
}

export function makeFrameWriter(fd: number, disk: DiskWrites): FrameWriter {
  const waiting: { readonly bytes: Buffer; readonly whole: Buffer; readonly at: number }[] = [];
  const spare: Buffer[] = [];
  let end = 0;
  let unflushed = 0;
  let failure: Error | undefined;
  let writing: Promise<void> | undefined;
  let roomy: PromiseWithResolvers<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let frame = waiting[0]; frame !== undefined; frame = waiting[0]) {
      const { bytes, whole, at } = frame;
      if (failure === undefined) await writeFrame(bytes, at);
      waiting.shift();
      if (whole.length === FRAME_BYTES) spare.push(whole);
      if (waiting.length <= FEW_WAITING) roomy?.resolve();
    }
    writing = undefined;
  }

  async function writeFrame(bytes: Buffer, at: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        done += await disk.write(fd, bytes.subarray(done), at + done);
      }
      unflushed += 1;
      if (unflushed >= FLUSH_EVERY) {
        unflushed = 0;
        await disk.flush(fd);
      }
    } catch (error) {
      failure ??= toError(error);
    }
  }

  function writeAtOnce(bytes: Buffer, at: number): void {
    try {
      for (let done = 0; done < bytes.length;) {
        done += disk.writeNow(fd, bytes.subarray(done), at + done);
      }
      unflushed += 1;
    } catch (error) {
      failure ??= toError(error);
    }
  }

  return {
    buffer: (bytes) =>
      bytes > FRAME_BYTES
        ? Buffer.allocUnsafeSlow(bytes)
        : (spare.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES)),
    push(whole, length) {
      const bytes = whole.subarray(0, length);
      const at = end;
      end += length;
      if (failure !== undefined || waiting.length >= MOST_WAITING) {
        if (failure === undefined) writeAtOnce(bytes, at);
        if (whole.length === FRAME_BYTES) spare.push(whole);
        return;
      }
      waiting.push({ bytes, whole, at });
      writing ??= writeAll();
    },
    async room() {
      if (waiting.length <= FEW_WAITING) return;
      roomy = Promise.withResolvers();
      await roomy.promise;
    },
    async flush() {
      await writing;
      if (failure === undefined) await disk.flush(fd);
      if (failure !== undefined) throw failure;
    },
    async rest() {
      await writing;
    },
    get bytes() {
      return end;
    },
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
