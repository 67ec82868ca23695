/** A source of numbers that is the same for the same seed, on every machine. */
export interface Random {
  /** Uniform, 0 (included) to 1 (excluded). */
  uniform(): number;
  /** Normal with mean 0 and deviation 1, cut at ±3.5 so that no value is a surprise. */
  normal(): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** The same items in another order; the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** A source of its own for a named part, so that parts do not disturb each other. */
  fork(name: string): Random;
}

/**
 * Mulberry32: 32 bits of state, period 2^32, passes the small test batteries.
 * Enough for a simulation; never for secrets.
 *
 * Source: Tommy Ettinger, mulberry32 (public domain, 2017).
 */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;

  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const normal = (): number => {
    for (;;) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const value = radius * Math.cos(2 * Math.PI * uniform());
      if (Math.abs(value) <= 3.5) return value;
    }
  };

  const integer = (low: number, high: number): number =>
    low + Math.floor(uniform() * (high - low + 1));

  return {
    uniform,
    normal,
    integer,
    shuffle: (items) => {
      const keyed = items.map((item) => ({ item, at: uniform() }));
      return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
    },
    fork: (name) => makeRandom(hash(`${seed}/${name}`)),
  };
}

/** FNV-1a, 32 bits: spreads short names over the seeds. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
