/**
 * Numbers from 0 up to 1, the same for the same seed; enough for tests, never for secrets.
 *
 * Source: Marsaglia (2003), "Xorshift RNGs", Journal of Statistical Software 8(14), the shifts 13, 17, 5.
 *
 * @param seed an integer that is not 0
 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  if (state === 0) throw new RangeError('seed is 0; xorshift needs another number');
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
