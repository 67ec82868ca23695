const ZERO = 0x30;
const [MINUS, PLUS, COLON, POINT, COMMA, SPACE] = [0x2d, 0x2b, 0x3a, 0x2e, 0x2c, 0x20] as const;
const [LOWER_T, LOWER_Z] = [0x74, 0x7a] as const;
/** Turns an ASCII letter into its lower case. */
const CASE = 0x20;
/** So far below any sum of digits that what it is part of stays negative. */
const NO_DIGITS = -1e7;
/** `2026-11-23T06:00` */
const SHORTEST = 16;
const MOST_DECIMALS = 9;
const MINUTE_MS = 60_000;
const DAYS_BEFORE_1970 = 719_468;
const LENGTHS = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/**
 * Reads a time in the text form of `parseTime` (RFC 3339, with its liberties) into `into[slot]`, in
 * milliseconds since 1970-01-01T00:00:00Z. Answers where it ends, or -1 where none begins there or
 * its year is before 1970. The caller sees to it that a quote follows, and that the time is one we
 * can keep.
 */
export function scanIsoTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Float64Array,
  slot: number,
): number {
  if (end - start < SHORTEST) return -1;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  const between = bytes[start + 10] as number;
  const hour = two(bytes, start + 11);
  const minute = two(bytes, start + 14);
  if (
    year < 1970 ||
    bytes[start + 4] !== MINUS ||
    bytes[start + 7] !== MINUS ||
    ((between | CASE) !== LOWER_T && between !== SPACE) ||
    bytes[start + 13] !== COLON ||
    !isDay(year, month, day) ||
    !(hour >= 0 && hour <= 23) ||
    !(minute >= 0 && minute <= 59)
  ) {
    return -1;
  }
  let at = start + SHORTEST;
  let ms = 0;
  if (at < end && bytes[at] === COLON) {
    if (at + 3 > end) return -1;
    const second = two(bytes, at + 1);
    if (!(second >= 0 && second <= 59)) return -1;
    ms = second * 1_000;
    at += 3;
    if (at < end && (bytes[at] === POINT || bytes[at] === COMMA)) {
      const first = at + 1;
      let weight = 100;
      for (at = first; at < end; at += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        // Weights 100, 10, 1, then 0: digits below a millisecond are dropped.
        ms += digit * weight;
        weight = (weight / 10) | 0;
      }
      if (at === first || at - first > MOST_DECIMALS) return -1;
    }
  }
  if (at < end && bytes[at] === SPACE) at += 1;
  if (at >= end) return -1;
  const minutes = daysSince1970(year, month, day) * 1_440 + hour * 60 + minute;
  const sign = bytes[at] as number;
  let offset = 0;
  if ((sign | CASE) === LOWER_Z) at += 1;
  else if (sign === PLUS || sign === MINUS) {
    if (at + 3 > end) return -1;
    const hours = two(bytes, at + 1);
    if (!(hours >= 0 && hours <= 23)) return -1;
    at += 3;
    const colon = at < end && bytes[at] === COLON;
    if (colon) at += 1;
    let rest = at + 2 <= end ? two(bytes, at) : NO_DIGITS;
    if (rest >= 0) at += 2;
    else if (colon) return -1;
    else rest = 0;
    if (rest > 59) return -1;
    offset = (sign === MINUS ? -1 : 1) * (hours * 60 + rest);
  }
  into[slot] = (minutes - offset) * MINUTE_MS + ms;
  return at;
}

function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? NO_DIGITS : tens * 10 + ones;
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2 || day <= 28) return day <= (LENGTHS[month] as number);
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Days by the Gregorian calendar, with years that begin in March so that the leap day is the last.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0;
  const leapDays = ((marchYear / 4) | 0) - ((marchYear / 100) | 0) + ((marchYear / 400) | 0);
  return marchYear * 365 + leapDays + dayOfYear + day - 1 - DAYS_BEFORE_1970;
}
