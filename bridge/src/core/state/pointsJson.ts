import { MAX_POINTS } from './rings.ts';
import type { Point } from './rings.ts';

/** A number has at most 25 characters, a point two of them. */
const POINT_BYTES = 64;
const scratch = Buffer.allocUnsafeSlow(2 + MAX_POINTS * POINT_BYTES);

const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const OPEN = 91;
const CLOSE = 93;
const MILLION = 1_000_000;
/** Whole numbers below are written digit by digit, in 32 bits where that is faster. */
const MAX_WHOLE = 2 ** 31;

/**
 * Points as JSON, as `JSON.stringify` writes them. Numbers are most of the evidence of a signal, and to make a string of each
 * costs three times what their digits do.
 */
export function jsonOfPoints(points: readonly Point[]): string {
  if (points.length > MAX_POINTS) return JSON.stringify(points);
  let to = 1;
  scratch[0] = OPEN;
  for (const [at, value] of points) {
    if (to > 1) {
      scratch[to] = COMMA;
      to += 1;
    }
    scratch[to] = OPEN;
    to = putTime(to + 1, at);
    scratch[to] = COMMA;
    to = putValue(to + 1, value);
    scratch[to] = CLOSE;
    to += 1;
  }
  scratch[to] = CLOSE;
  return scratch.toString('latin1', 0, to + 1);
}

/** Answers the place behind it, as all of these. */
function putTime(to: number, at: number): number {
  const high = Math.floor(at / MILLION);
  if (!Number.isInteger(at) || high < 1 || high >= MAX_WHOLE) return putValue(to, at);
  const middle = putWhole(to, high);
  putDigits(middle, 6, at - high * MILLION);
  return middle + 6;
}

/** Up to three decimals, which is what devices send, by their digits. */
function putValue(to: number, value: number): number {
  const size = Math.abs(value);
  const thousandths = Math.round(size * 1_000);
  // No two numbers of so few digits are the same double: what is equal has these digits, and no fewer.
  if (!(thousandths < MAX_WHOLE) || thousandths / 1_000 !== size) return putOther(to, value);
  let at = to;
  if (value < 0) {
    scratch[at] = MINUS;
    at += 1;
  }
  const whole = (thousandths / 1_000) | 0;
  at = putWhole(at, whole);
  let decimals = 3;
  let part = thousandths - whole * 1_000;
  if (part === 0) return at;
  while (part % 10 === 0) {
    part = (part / 10) | 0;
    decimals -= 1;
  }
  scratch[at] = DOT;
  putDigits(at + 1, decimals, part);
  return at + 1 + decimals;
}

function putOther(to: number, value: number): number {
  const text = Number.isFinite(value) ? String(value) : 'null';
  for (let index = 0; index < text.length; index += 1) scratch[to + index] = text.charCodeAt(index);
  return to + text.length;
}

function putWhole(to: number, value: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count += 1;
  putDigits(to, count, value);
  return to + count;
}

function putDigits(to: number, count: number, value: number): void {
  let rest = value | 0;
  for (let place = to + count - 1; place >= to; place -= 1) {
    const next = (rest / 10) | 0;
    scratch[place] = ZERO + rest - next * 10;
    rest = next;
  }
}
