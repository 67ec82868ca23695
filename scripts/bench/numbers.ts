/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The highest value; -Infinity of nothing. */
export const worst = (values: readonly number[]): number => Math.max(...values);
