/**
 * So many numbers that are not whole. The engine of the language keeps a list of them as doubles, and goes on doing so whatever is
 * written into it; one that began with whole numbers it keeps otherwise, and code that meets both kinds of list makes every one of
 * them over before it reads it (measured: 4 % of the work on a message).
 */
export const blankDoubles = (length: number): number[] => Array.from({ length }, () => 0.5);

/** A list of the same numbers, kept as doubles. */
export function toDoubles(numbers: readonly number[]): readonly number[] {
  const doubles = blankDoubles(numbers.length);
  for (const [index, number] of numbers.entries()) doubles[index] = number;
  return doubles;
}
