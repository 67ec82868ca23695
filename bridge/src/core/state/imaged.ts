/** Takes one piece of an image. The bytes are the live memory: what is wanted of them is copied before it returns. */
export type SavePiece = (index: number, bytes: Uint8Array) => void;

/**
 * Memory that can be imaged while it is worked with: the image is of the moment of `freeze`, and
 * a piece that is changed before it is in the image is saved first (copy on write).
 */
export interface Imaged {
  /** Begins an image of what is there now; costs one byte per piece. Throws where one is under way. */
  freeze(save: SavePiece): void;
  /** Saves up to `most` further pieces; answers whether pieces are left. */
  drain(most: number): boolean;
  /** Ends the image: to be called when it is complete, and where it is given up. */
  thaw(): void;
  /** Puts a saved piece into memory that is still empty, in any order; then `loaded`. Throws where it does not fit. */
  load(index: number, bytes: Uint8Array): void;
  /** To be called once, after the last `load`. */
  loaded(): void;
}
