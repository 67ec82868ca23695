/**
 * Behind the character of two to four bytes that begins at `start`, or -1 where that is not valid
 * UTF-8: cut short, longer than need be, half of a surrogate pair, or above U+10FFFF.
 * Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
 */
export function utf8End(bytes: Uint8Array, start: number, end: number): number {
  const lead = bytes[start] as number;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (start + length > end) return -1;
  const second = bytes[start + 1] as number;
  const [low, high] = [LOWEST.get(lead) ?? 0x80, HIGHEST.get(lead) ?? 0xbf];
  if (second < low || second > high) return -1;
  for (let at = start + 2; at < start + length; at += 1) {
    if (((bytes[at] as number) & 0xc0) !== 0x80) return -1;
  }
  return start + length;
}

const LOWEST: ReadonlyMap<number, number> = new Map([
  [0xe0, 0xa0],
  [0xf0, 0x90],
]);
const HIGHEST: ReadonlyMap<number, number> = new Map([
  [0xed, 0x9f],
  [0xf4, 0x8f],
]);
