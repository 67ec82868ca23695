import type { Imaged } from './imaged.ts';
import { makePieces } from './pieces.ts';

const PAGE_BITS = 12;
/** Numbers to a page, which is what is imaged at once: 16 KB. */
const PAGE = 2 ** PAGE_BITS;

/** One whole number of 32 bits for every index of a table; 0 where none was set. Growing copies nothing. */
export interface Column extends Imaged {
  get(index: number): number;
  set(index: number, value: number): void;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

/** A column of zeros. */
export function makeColumn(): Column {
  const pages: Int32Array[] = [];
  const pieces = makePieces((piece) => {
    const page = pages[piece];
    return page && new Uint8Array(page.buffer);
  });

  return {
    get(index) {
      const page = pages[index >> PAGE_BITS];
      return page === undefined ? 0 : (page[index & (PAGE - 1)] as number);
    },
    set(index, value) {
      const piece = index >> PAGE_BITS;
      pieces.touch(piece);
      while (pages.length <= piece) pages.push(new Int32Array(PAGE));
      (pages[piece] as Int32Array)[index & (PAGE - 1)] = value;
    },
    bytes: () => pages.length * PAGE * 4,
    freeze: (save) => pieces.freeze(pages.length, save),
    drain: (most) => pieces.drain(most),
    thaw: () => pieces.thaw(),
    load(piece, bytes) {
      if (bytes.length !== PAGE * 4) {
        throw new Error(`${bytes.length} bytes of a column do not fit into piece ${piece}`);
      }
      while (pages.length <= piece) pages.push(new Int32Array(PAGE));
      new Uint8Array((pages[piece] as Int32Array).buffer).set(bytes);
    },
    loaded() {},
  };
}
