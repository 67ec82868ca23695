import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { toEpochMs, toLogPosition } from '../../model/brand.ts';
import type { KeptState, LoadPiece } from '../../ports/stateStore.ts';
import { VERSION } from './draft.ts';
import { claimedBytes, END, FRAME_HEADER, HEAD, PIECES, readFrame, readPieces } from './frames.ts';
import type { Frame } from './frames.ts';

/** Why a file holds no state to go on with. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}

/** The head of a state; what follows it is not looked at. @throws DamagedState */
export async function readHead(path: string): Promise<KeptState> {
  await using file = await open(path, 'r');
  const first = await nextFrame(file, 0, 0);
  if (first.kind !== HEAD) throw new DamagedState('it does not begin with a head');
  return toHead(first.body);
}

/**
 * Reads a whole state; to be called once with a `load` that does nothing, for it may find damage behind
 * the first pieces. @throws DamagedState
 */
export async function readState(path: string, load: LoadPiece): Promise<KeptState> {
  await using file = await open(path, 'r');
  const first = await nextFrame(file, 0, 0);
  if (first.kind !== HEAD) throw new DamagedState('it does not begin with a head');
  const head = toHead(first.body);
  let at = FRAME_HEADER + first.body.length;
  let pieces = 0;
  for (let number = 1; ; number += 1) {
    const { kind, body } = await nextFrame(file, at, number);
    at += FRAME_HEADER + body.length;
    if (kind === PIECES) {
      pieces += readPieces(body, (part, index, bytes) =>
        load(head.parts[part] as string, index, bytes),
      );
    } else if (kind === END) {
      if (fieldsOf(body).get('pieces') !== pieces) throw new DamagedState('pieces are missing');
      return head;
    } else throw new DamagedState(`frame ${number} is of no known kind`);
  }
}

async function nextFrame(file: FileHandle, at: number, number: number): Promise<Frame> {
  const header = await readUpTo(file, at, FRAME_HEADER);
  const bytes = claimedBytes(header);
  const { size } = await file.stat();
  if (bytes === undefined || at + bytes > size) {
    throw new DamagedState(`frame ${number} at byte ${at} is cut off or overwritten`);
  }
  const frame = readFrame(await readUpTo(file, at, bytes), number);
  if (frame === undefined) throw new DamagedState(`frame ${number} at byte ${at} is damaged`);
  return frame;
}

/** Up to `length` bytes from `at`; less at the end of the file. */
async function readUpTo(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

function toHead(body: Buffer): KeptState {
  const fields = fieldsOf(body);
  const version = fields.get('version');
  if (version !== VERSION) {
    // Not damaged: it is as good as it was, for whoever wrote it.
    throw new Error(
      `the saved state was written by another version of the bridge (layout ${String(version)}, this one knows ` +
        `${VERSION}): start that one, or remove the folder "state" of dataDir and have detection learn anew`,
    );
  }
  const [sequence, cursor, listenedAt] = ['sequence', 'cursor', 'listenedAt'].map((name) =>
    Number(fields.get(name)),
  ) as [number, number, number];
  const parts = fields.get('parts');
  return {
    sequence,
    cursor: toLogPosition(cursor),
    listenedAt: toEpochMs(listenedAt),
    parts: Array.isArray(parts) ? parts.map(String) : [],
    words: String(fields.get('words')),
  };
}

/** What a checksum has vouched for is JSON. */
function fieldsOf(body: Buffer): ReadonlyMap<string, unknown> {
  const value: unknown = JSON.parse(body.toString());
  return new Map(Object.entries(value ?? {}));
}
