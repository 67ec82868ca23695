export const GRAIN_BITS = 11;
/**
 * Numbers in a grain, the piece that is imaged at once: 16 KB. A batch of 2,000 readings that meets
 * 2,000 grains of an image under way copies 32 MB, about 8 ms.
 */
export const GRAIN = 2 ** GRAIN_BITS;
/** Grains in a page; 1 MB is asked of the system at a time. */
export const GRAINS = 64;
const PAGE_BITS = GRAIN_BITS + 6;
export const PAGE = GRAIN * GRAINS;
/** Places are whole numbers of 31 bits, so that tables of them take 4 bytes each: 16 GB of numbers. */
const MAX_PAGES = 2 ** (31 - PAGE_BITS);

/**
 * Memory in pages that never move, handed out in runs of grains. What is wider than a page gets a page of
 * its own size.
 */
export interface Pages {
  /** The page a place is in. */
  at(place: number): Float64Array;
  /** A run of so many grains, at most a page of them; what stood there before is still there. */
  take(span: number): number;
  /** A page of its own of so many numbers, more than a page has. */
  takeOwn(numbers: number): number;
  give(grain: number): void;
  /** The live bytes of the run that begins with this grain; undefined where none begins. */
  bytesOf(grain: number): Uint8Array | undefined;
  /** Lays out the run that begins with this grain, with these bytes in it. Throws where it does not fit. */
  load(grain: number, bytes: Uint8Array): void;
  /** To be called after the last `load`: what was not loaded is free. */
  loaded(): void;
  /** The first grain behind all pages. */
  end(): number;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

export function makePages(): Pages {
  const pages: (Float64Array | undefined)[] = [];
  /** Per page and grain: how many grains the run that begins here has; 0 where none begins. */
  const spans: Uint8Array[] = [];
  /** Free runs, by their number of grains; pages of their own size, by that in numbers. */
  const free = new Map<number, number[]>();
  /** The grain behind what was ever used of the newest page. */
  let next = 0;
  let bytes = 0;

  const at = (place: number): Float64Array => pages[place >> PAGE_BITS] as Float64Array;

  function addPage(numbers: number, index = pages.length): number {
    if (index >= MAX_PAGES) throw new Error('the state of all devices exceeds 16 GB');
    while (pages.length <= index) {
      pages.push(undefined);
      spans.push(new Uint8Array(GRAINS));
    }
    pages[index] = new Float64Array(numbers);
    bytes += numbers * 8;
    return index * GRAINS;
  }

  function setSpan(grain: number, span: number): void {
    const ofPage = spans[grain >> 6];
    if (ofPage !== undefined) ofPage[grain & (GRAINS - 1)] = span;
  }

  function keep(key: number, grain: number): void {
    const runs = free.get(key);
    if (runs === undefined) free.set(key, [grain]);
    else runs.push(grain);
  }

  /** What is left of the newest page serves single grains. */
  function closePage(): void {
    for (; (next & (GRAINS - 1)) !== 0; next += 1) {
      setSpan(next, 1);
      keep(1, next);
    }
  }

  return {
    at,
    take(span) {
      const known = free.get(span)?.pop();
      if (known !== undefined) return known;
      const left = -next & (GRAINS - 1);
      if (span > left) {
        closePage();
        next = addPage(PAGE);
      }
      const grain = next;
      next += span;
      setSpan(grain, span);
      return grain;
    },
    takeOwn(numbers) {
      const known = free.get(numbers)?.pop();
      if (known !== undefined) return known;
      closePage();
      const grain = addPage(numbers);
      setSpan(grain, GRAINS);
      next = pages.length * GRAINS;
      return grain;
    },
    give(grain) {
      const page = at(grain << GRAIN_BITS);
      const span = spans[grain >> 6]?.[grain & (GRAINS - 1)] as number;
      keep(page.length > PAGE ? page.length : span, grain);
    },
    bytesOf(grain) {
      const span = spans[grain >> 6]?.[grain & (GRAINS - 1)] as number;
      if (span === 0) return undefined;
      const page = at(grain << GRAIN_BITS);
      const start = (grain << GRAIN_BITS) & (PAGE - 1);
      const numbers = page.length > PAGE ? page.length : span * GRAIN;
      return new Uint8Array(page.buffer, start * 8, numbers * 8);
    },
    load(grain, from) {
      const numbers = from.length / 8;
      const own = numbers > PAGE;
      const index = grain >> 6;
      const start = (grain << GRAIN_BITS) & (PAGE - 1);
      const whole = own ? Number.isInteger(numbers) : numbers > 0 && numbers % GRAIN === 0;
      if (!whole || (own ? start !== 0 : start + numbers > PAGE)) {
        throw new Error(`${from.length} bytes of state do not fit into grain ${grain}`);
      }
      if (pages[index] === undefined) addPage(own ? numbers : PAGE, index);
      const page = at(grain << GRAIN_BITS);
      if (page.length !== (own ? numbers : PAGE) || spans[index]?.[grain & (GRAINS - 1)] !== 0) {
        throw new Error(`grain ${grain} of the state is there twice`);
      }
      new Uint8Array(page.buffer, start * 8, from.length).set(from);
      setSpan(grain, own ? GRAINS : numbers / GRAIN);
    },
    loaded() {
      for (const [index, ofPage] of spans.entries()) {
        if (pages[index] === undefined) addPage(PAGE, index);
        for (let grain = 0; grain < GRAINS;) {
          const span = ofPage[grain] as number;
          if (span === 0) {
            ofPage[grain] = 1;
            keep(1, index * GRAINS + grain);
          }
          grain += Math.max(span, 1);
        }
      }
      next = pages.length * GRAINS;
    },
    end: () => pages.length * GRAINS,
    bytes: () => bytes,
  };
}
