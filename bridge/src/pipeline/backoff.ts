/** How waiting grows between tries of something that keeps failing. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Milliseconds to wait before the next try: doubled per failure up to the maximum, of which a
 * random half is taken away, so that many bridges do not come back in the same second.
 *
 * @param failures failures in a row, 1 after the first
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: number, options: BackoffOptions): number {
  const doubled = options.firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30);
  const ceiling = Math.min(doubled, options.maxMs);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
