import { closeSync, openSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok } from '../../model/result.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type { StateDraft, StateHead } from '../../ports/stateStore.ts';
import { END, FRAME_BYTES, FRAME_HEADER, HEAD, jsonFrame, PIECE_HEADER, PIECES } from './frames.ts';
import { sealFrame, writePiece } from './frames.ts';
import { makeFrameWriter } from './frameWriter.ts';
import type { DiskWrites, FrameWriter } from './frameWriter.ts';

/** Raised when the frames change in a way older states do not fit. */
export const VERSION = 1;

export interface DraftOptions {
  readonly head: StateHead;
  readonly sequence: number;
  /** Where it is written until it is whole. */
  readonly draftPath: string;
  /** Its name from then on. */
  readonly path: string;
  readonly disk: DiskWrites;
  readonly toFailure: (error: unknown) => StorageFailure;
  /** Called when it has ended; `kept` where it is on disk. */
  readonly ended: (kept: boolean) => Promise<void>;
}

/** Begins to write a state. A file that cannot be made is a refusal at `commit`. */
export function makeDraft(options: DraftOptions): StateDraft {
  const { head, sequence, draftPath, path, disk, toFailure, ended } = options;
  let fd: number | undefined;
  let writer: FrameWriter | undefined;
  let failure: unknown;
  let frames = 0;
  let pieces = 0;
  let frame: Buffer | undefined;
  let filled = FRAME_HEADER;

  try {
    fd = openSync(draftPath, 'w', 0o600);
    writer = makeFrameWriter(fd, disk);
    pushJson({ version: VERSION, sequence, ...head }, HEAD);
  } catch (error) {
    failure = error;
  }

  function pushJson(value: unknown, kind: number): void {
    const bytes = jsonFrame(value, kind, frames++);
    writer?.push(bytes, bytes.length);
  }

  function pushFrame(): void {
    if (frame === undefined) return;
    sealFrame(frame, filled, PIECES, frames++);
    writer?.push(frame, filled);
    frame = undefined;
    filled = FRAME_HEADER;
  }

  function numberOf(part: string): number {
    const number = head.parts.indexOf(part);
    if (number < 0) throw new Error(`the state has no part "${part}"`);
    return number;
  }

  async function close(): Promise<void> {
    await writer?.rest();
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  }

  return {
    sequence,
    put(part, index, bytes) {
      if (writer === undefined) return;
      const size = PIECE_HEADER + bytes.length;
      if (filled + size > FRAME_BYTES) pushFrame();
      frame ??= writer.buffer(FRAME_HEADER + size);
      filled = writePiece(frame, filled, numberOf(part), index, bytes);
      pieces += 1;
    },
    async room() {
      await writer?.room();
    },
    async commit() {
      try {
        if (writer === undefined) throw failure;
        pushFrame();
        pushJson({ pieces }, END);
        await writer.flush();
        await close();
        await rename(draftPath, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await close();
        await unlink(draftPath).catch(() => undefined);
        await ended(false);
        return err(toFailure(error));
      }
      await ended(true);
      return ok(writer.bytes);
    },
    async discard() {
      await close();
      await unlink(draftPath).catch(() => undefined);
      await ended(false);
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
