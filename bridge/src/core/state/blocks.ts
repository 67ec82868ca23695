import type { Imaged } from './imaged.ts';
import { GRAIN, GRAIN_BITS, GRAINS, makePages, PAGE } from './pages.ts';
import { makePieces } from './pieces.ts';

/*
 * A grain begins with what is known of it, so that an image needs the grains and nothing else:
 *   [width of its blocks (0: free), blocks in use, offset of the first freed block (0: none), blocks ever used]
 * and a freed block with the offset of the next freed one; offsets are within the grain.
 */
const WIDTH = 0;
const LIVE = 1;
const FREED = 2;
const USED = 3;
const HEADER = 4;

/**
 * The numbers of all devices, in pages that never move: growing copies nothing. A block is known by its
 * place, above 0; its numbers are `page(place)[offset(place) + i]`.
 *
 * Blocks of one width share grains, and a grain without blocks serves any width again. A wider block has
 * a run of grains of its own, or a page of its own.
 */
export interface Blocks extends Imaged {
  /** A block of `width` numbers, at least 1, all 0. Throws where all blocks together would exceed 16 GB. */
  take(width: number): number;
  /** Gives a block back. Throws where `width` is not what it was taken with. */
  free(place: number, width: number): void;
  page(place: number): Float64Array;
  offset(place: number): number;
  /** To be called with the block's place before the block is changed; nearly free while no image is under way. */
  touch(place: number): void;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

/** No blocks yet. */
export function makeBlocks(): Blocks {
  const pages = makePages();
  /** Grains with room for a further block, by width. */
  const roomy = new Map<number, number[]>();
  /** Where a grain stands in its list of `roomy`. */
  const spots = new Map<number, number>();
  const pieces = makePieces((grain) => {
    const isFree = pages.at(grain << GRAIN_BITS)?.[startOf(grain) + WIDTH] === 0;
    return isFree ? undefined : pages.bytesOf(grain);
  });

  function listFor(width: number): number[] {
    const known = roomy.get(width);
    if (known !== undefined) return known;
    const made: number[] = [];
    roomy.set(width, made);
    return made;
  }

  function addRoomy(width: number, grain: number): void {
    const list = listFor(width);
    spots.set(grain, list.length);
    list.push(grain);
  }

  function dropRoomy(width: number, grain: number): void {
    const list = listFor(width);
    const spot = spots.get(grain) as number;
    const last = list.pop() as number;
    spots.delete(grain);
    if (last === grain) return;
    list[spot] = last;
    spots.set(last, spot);
  }

  /** Makes a run the home of blocks of this width. */
  function begin(grain: number, width: number): number {
    pieces.touch(grain);
    const start = startOf(grain);
    const page = pages.at(grain << GRAIN_BITS);
    page.fill(0, start, start + HEADER);
    page[start + WIDTH] = width;
    return grain;
  }

  function takeWide(width: number): number {
    const span = Math.ceil((width + HEADER) / GRAIN);
    const grain = begin(span > GRAINS ? pages.takeOwn(width + HEADER) : pages.take(span), width);
    const start = startOf(grain) + HEADER;
    pages.at(grain << GRAIN_BITS).fill(0, start, start + width);
    return (grain << GRAIN_BITS) + HEADER;
  }

  return {
    take(width) {
      if (width + HEADER > GRAIN) return takeWide(width);
      let grain = listFor(width).at(-1);
      if (grain === undefined) {
        grain = begin(pages.take(1), width);
        addRoomy(width, grain);
      }
      pieces.touch(grain);
      const start = startOf(grain);
      const page = pages.at(grain << GRAIN_BITS);
      let offset = page[start + FREED] as number;
      if (offset > 0) page[start + FREED] = page[start + offset] as number;
      else {
        offset = HEADER + (page[start + USED] as number) * width;
        page[start + USED] = (page[start + USED] as number) + 1;
      }
      page[start + LIVE] = (page[start + LIVE] as number) + 1;
      page.fill(0, start + offset, start + offset + width);
      if (!hasRoom(page, start)) dropRoomy(width, grain);
      return (grain << GRAIN_BITS) + offset;
    },

    free(place, width) {
      const grain = place >> GRAIN_BITS;
      const start = startOf(grain);
      const page = pages.at(place);
      if (page?.[start + WIDTH] !== width) {
        throw new Error(`there is no block of ${width} numbers at ${place}`);
      }
      pieces.touch(grain);
      const isShared = width + HEADER <= GRAIN;
      const hadRoom = isShared && hasRoom(page, start);
      const live = isShared ? (page[start + LIVE] as number) - 1 : 0;
      if (live === 0) {
        if (hadRoom) dropRoomy(width, grain);
        page[start + WIDTH] = 0;
        pages.give(grain);
        return;
      }
      const offset = place & (GRAIN - 1);
      page[start + offset] = page[start + FREED] as number;
      page[start + FREED] = offset;
      page[start + LIVE] = live;
      if (!hadRoom) addRoomy(width, grain);
    },

    page: (place) => pages.at(place),
    offset: (place) => place & (PAGE - 1),
    touch: (place) => pieces.touch(place >> GRAIN_BITS),
    bytes: () => pages.bytes(),
    freeze: (save) => pieces.freeze(pages.end(), save),
    drain: (most) => pieces.drain(most),
    thaw: () => pieces.thaw(),
    load: (grain, bytes) => pages.load(grain, bytes),
    loaded() {
      pages.loaded();
      for (let grain = 0; grain < pages.end(); grain += 1) {
        const bytes = pages.bytesOf(grain);
        if (bytes === undefined || bytes.length !== GRAIN * 8) continue;
        const start = startOf(grain);
        const page = pages.at(grain << GRAIN_BITS);
        const width = page[start + WIDTH] as number;
        if (width > 0 && width + HEADER <= GRAIN && hasRoom(page, start)) addRoomy(width, grain);
      }
    },
  };
}

/** Where a grain begins in its page. */
function startOf(grain: number): number {
  return (grain << GRAIN_BITS) & (PAGE - 1);
}

function hasRoom(page: Float64Array, start: number): boolean {
  const width = page[start + WIDTH] as number;
  const used = HEADER + (page[start + USED] as number) * width;
  return page[start + FREED] !== 0 || used + width <= GRAIN;
}
