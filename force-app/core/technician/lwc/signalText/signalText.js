/* eslint-disable @salesforce/lightning/prefer-i18n-service -- Packages cannot import that service; Intl with the
   locale and time zone Salesforce hands out gives the same. */
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';

const SECOND = 1000;
const UNITS = [
  { unit: 'day', ms: 86_400 * SECOND },
  { unit: 'hour', ms: 3600 * SECOND },
  { unit: 'minute', ms: 60 * SECOND },
  { unit: 'second', ms: SECOND },
];

const formatter = (options) => new Intl.DateTimeFormat(LOCALE, { timeZone: TIME_ZONE, ...options });
const clock = { hour: '2-digit', minute: '2-digit' };
const TIME = formatter({ ...clock, second: '2-digit' });
const TIME_SHORT = formatter(clock);
const DATE_TIME = formatter({ dateStyle: 'medium', timeStyle: 'medium' });
const DAY = formatter({ year: 'numeric', month: 'numeric', day: 'numeric' });
const ZONE = formatter({ timeZoneName: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
/* Four significant digits tell a drift of a thousandth and fit beside a chart on a phone. */
const NUMBER = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 4 });

/** `value` in the person's number format with four significant digits at most. */
export function numberText(value) {
  return NUMBER.format(value);
}

/* Characters that fit beside a value axis. */
const AXIS_ROOM = 7;
/* Doubles tell no more apart. */
const MOST_DIGITS = 15;

/**
 * The values of an axis as its labels: as many digits as it takes to tell them apart (1,013.2 and
 * 1,013.4), all short (6.1M) or with a power of ten (6E-6) where they would be too long.
 */
export function axisTexts(values) {
  const notations = ['standard', 'compact', 'scientific'];
  const attempts = notations.map((notation) => distinctTexts(values, notation));
  const fits = (texts) => texts.every((text) => text.length <= AXIS_ROOM);
  return attempts.find(fits) ?? attempts[0];
}

function distinctTexts(values, notation) {
  for (let digits = 4; ; digits += 1) {
    const format = new Intl.NumberFormat(LOCALE, { notation, maximumSignificantDigits: digits });
    const texts = values.map((value) => format.format(value));
    if (digits === MOST_DIGITS || new Set(texts).size === values.length) return texts;
  }
}

/** `value` with its unit behind it, if it has one. */
export function valueText(value, unit) {
  return unit ? `${numberText(value)} ${unit}` : numberText(value);
}

/** Time of day of `ms` (milliseconds since 1970 UTC) with seconds, in the person's time zone. */
export function timeText(ms) {
  return TIME.format(ms);
}

/** Time of day of `ms` with hours and minutes only. */
export function shortTimeText(ms) {
  return TIME_SHORT.format(ms);
}

function dateTimeText(ms) {
  return DATE_TIME.format(ms);
}

/** As short as is clear: the time of day when `ms` is on the same day as `now`, else with its date. */
export function momentText(ms, now) {
  return DAY.format(ms) === DAY.format(now) ? timeText(ms) : dateTimeText(ms);
}

/** How long before (or after) `now` is `ms`, for example "5 minutes ago". */
export function relativeText(ms, now) {
  const distance = ms - now;
  const { unit, ms: size } = largestUnit(Math.abs(distance));
  return RELATIVE.format(Math.trunc(distance / size), unit);
}

/** A length of time in its largest unit and, below a day, the next one: "1 hr, 5 min". */
export function durationText(ms) {
  const largest = UNITS.indexOf(largestUnit(ms));
  const parts = [];
  let rest = ms;
  for (const { unit, ms: size } of UNITS.slice(largest, largest + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length === 0) parts.push(unitText(count, unit));
  }
  return parts.join(' ');
}

/** The person's time zone by its short name and its place, for example "PST, America/Los_Angeles". */
export function zoneText(ms) {
  const short = ZONE.formatToParts(ms).find(({ type }) => type === 'timeZoneName');
  return short && short.value !== TIME_ZONE ? `${short.value}, ${TIME_ZONE}` : TIME_ZONE;
}

function unitText(count, unit) {
  return new Intl.NumberFormat(LOCALE, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
}

function largestUnit(ms) {
  return UNITS.find((candidate) => ms >= candidate.ms) ?? UNITS[UNITS.length - 1];
}
