const [ZERO, MINUS, PLUS, POINT] = [0x30, 0x2d, 0x2b, 0x2e] as const;
const LOWER_E = 0x65;
/** Turns an ASCII letter into its lower case. */
const CASE = 0x20;

/** Up to here a whole number of decimal digits is a double without rounding: below 2^53. */
const EXACT_DIGITS = 15;
/** The largest power of ten that is a double without rounding. */
const EXACT_POWER = 22;
const POWERS = Float64Array.from({ length: EXACT_POWER + 1 }, (_entry, power) =>
  Number(`1e${power}`),
);

/**
 * Reads the JSON number that begins at `start` into `into[slot]`, as JSON.parse would, but never -0.
 * Answers where it ends, or -1 where none begins there. What follows is for the caller to look at.
 *
 * A mantissa and a power of ten that both are exact doubles give the correctly rounded quotient or
 * product in one operation; other numbers are left to the engine. Source: Clinger (1990), "How to
 * Read Floating Point Numbers Accurately", PLDI.
 */
export function scanNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Float64Array,
  slot: number,
): number {
  let at = start;
  const negative = at < end && bytes[at] === MINUS;
  if (negative) at += 1;
  const first = at;
  let mantissa = 0;
  while (at < end) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
    at += 1;
  }
  let digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return -1;
  let decimals = 0;
  if (at < end && bytes[at] === POINT) {
    at += 1;
    const point = at;
    while (at < end) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
      at += 1;
    }
    decimals = at - point;
    if (decimals === 0) return -1;
    digits += decimals;
  }
  if (digits > EXACT_DIGITS || (at < end && ((bytes[at] as number) | CASE) === LOWER_E)) {
    return scanRest(bytes, start, end, at, into, slot);
  }
  const size = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] as number);
  into[slot] = negative ? 0 - size : size;
  return at;
}

/** A number with many digits or an exponent; the digits end at `digitsEnd`. */
function scanRest(
  bytes: Uint8Array,
  start: number,
  end: number,
  digitsEnd: number,
  into: Float64Array,
  slot: number,
): number {
  const at = exponentEnd(bytes, digitsEnd, end);
  if (at === -1) return -1;
  let text = '';
  for (let place = start; place < at; place += 1) {
    text += String.fromCharCode(bytes[place] as number);
  }
  // Number() reads what the JSON grammar allows just as JSON.parse does; the grammar is checked.
  into[slot] = Number(text) + 0;
  return at;
}

/** Where the JSON number that begins at `start` ends, or -1 where none does. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (at < end && bytes[at] === MINUS) at += 1;
  const first = at;
  at = digitsEndAt(bytes, at, end);
  if (at === first || (at - first > 1 && bytes[first] === ZERO)) return -1;
  if (at < end && bytes[at] === POINT) {
    const point = at + 1;
    at = digitsEndAt(bytes, point, end);
    if (at === point) return -1;
  }
  return exponentEnd(bytes, at, end);
}

/** `start` itself where no exponent begins there; -1 where one begins and does not go on. */
function exponentEnd(bytes: Uint8Array, start: number, end: number): number {
  if (!(start < end && ((bytes[start] as number) | CASE) === LOWER_E)) return start;
  let at = start + 1;
  if (at < end && (bytes[at] === PLUS || bytes[at] === MINUS)) at += 1;
  const first = at;
  at = digitsEndAt(bytes, at, end);
  return at === first ? -1 : at;
}

function digitsEndAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    at += 1;
  }
  return at;
}
