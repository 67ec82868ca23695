const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time for a person, in the largest unit of which there are two: `90 s`, `3 h`. */
export function duration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 2 * MINUTE) return `${short(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${short(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${short(ms / HOUR)} h`;
  return `${short(ms / DAY)} days`;
}

/** A measured number for a person: four significant digits, no exponent where one can be spared. */
export function quantity(value: number, unit: string | undefined): string {
  const size = Math.abs(value);
  const text = size >= 1000 && size < 1e12 ? String(Math.round(value)) : String(significant(value));
  return unit === undefined || unit === '' ? text : `${text} ${unit}`;
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}
