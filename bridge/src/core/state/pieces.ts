import type { SavePiece } from './imaged.ts';

/** Which pieces of some memory an image under way still has to save. */
export interface Pieces {
  /** To be called before a piece is changed: saves it where the image still needs it. */
  touch(index: number): void;
  freeze(count: number, save: SavePiece): void;
  drain(most: number): boolean;
  thaw(): void;
}

/** `bytesOf` answers the live bytes of a piece, or undefined where a piece has nothing to save. */
export function makePieces(bytesOf: (index: number) => Uint8Array | undefined): Pieces {
  let needed = new Uint8Array(0);
  /** Pieces made since the image began are not part of it; 0 while none is under way. */
  let count = 0;
  let next = 0;
  let save: SavePiece | undefined;

  function saveNow(index: number): boolean {
    needed[index] = 0;
    const bytes = bytesOf(index);
    if (bytes === undefined) return false;
    save?.(index, bytes);
    return true;
  }

  return {
    touch(index) {
      if (index < count && needed[index] === 1) saveNow(index);
    },
    freeze(pieces, saver) {
      if (save !== undefined) throw new Error('an image of this memory is already under way');
      if (needed.length < pieces) needed = new Uint8Array(Math.ceil(pieces * 1.5));
      needed.fill(1, 0, pieces);
      count = pieces;
      next = 0;
      save = saver;
    },
    drain(most) {
      for (let saved = 0; next < count && saved < most; next += 1) {
        if (needed[next] === 1 && saveNow(next)) saved += 1;
      }
      return next < count;
    },
    thaw() {
      count = 0;
      save = undefined;
    },
  };
}
