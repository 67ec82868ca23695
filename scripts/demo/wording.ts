/** `1234567` as `1,234,567`. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** "1 Case", "2 Cases". */
export const counted = (count: number, word: string): string =>
  `${grouped(count)} ${word}${count === 1 ? '' : 's'}`;
