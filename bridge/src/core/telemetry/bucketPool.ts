/** Buckets that are taken and given back together; a device that reports once a minute fills them in a quarter of an hour. */
export const CHUNK = 16;
/** Words of 32 bits: the second, the lowest value, the highest, the milliseconds of both, how many. */
export const BUCKET_WORDS = 5;
export const CHUNK_BYTES = CHUNK * BUCKET_WORDS * 4;

/** Buckets of a page: 320 KB. */
const PAGE_BUCKETS = 16_384;
const PAGE_SHIFT = 14;
const PAGE_MASK = PAGE_BUCKETS - 1;

/** The same bytes as whole numbers and as 32-bit floats. */
export interface BucketPage {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

/**
 * Memory for the buckets of all series: few large arrays, since a small typed array takes more
 * room for itself than for its numbers. What is given back is used again; pages stay.
 */
export interface BucketPool {
  /** The number of the first of 16 buckets; what stands in them is not defined. */
  take(): number;
  free(chunk: number): void;
  page(bucket: number): BucketPage;
}

export function makeBucketPool(): BucketPool {
  const pages: BucketPage[] = [];
  const free: number[] = [];
  let next = 0;
  return {
    take() {
      const again = free.pop();
      if (again !== undefined) return again;
      if (next === pages.length * PAGE_BUCKETS) {
        const words = new Uint32Array(PAGE_BUCKETS * BUCKET_WORDS);
        pages.push({ words, floats: new Float32Array(words.buffer) });
      }
      const chunk = next;
      next += CHUNK;
      return chunk;
    },
    free: (chunk) => void free.push(chunk),
    page: (bucket) => pages[bucket >>> PAGE_SHIFT] as BucketPage,
  };
}

/** The place of a bucket's first word in its page. */
export const wordOf = (bucket: number): number => (bucket & PAGE_MASK) * BUCKET_WORDS;
