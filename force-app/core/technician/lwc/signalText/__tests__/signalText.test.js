import {
  axisTexts,
  durationText,
  momentText,
  numberText,
  relativeText,
  shortTimeText,
  timeText,
  valueText,
  zoneText,
} from 'c/signalText';

jest.mock('@salesforce/i18n/locale', () => ({ default: 'en-US' }), { virtual: true });
jest.mock('@salesforce/i18n/timeZone', () => ({ default: 'Asia/Kolkata' }), { virtual: true });

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/* 2026-11-23 20:00:00 UTC, which is half past one in the morning of the next day in India. */
const EVENING = Date.UTC(2026, 10, 23, 20);

/* Intl puts a narrow no-break space before AM and PM. */
const plain = (text) => text.replace(/\u202f/g, ' ');

it("tells the time in the person's time zone and not in that of the machine", () => {
  expect(plain(timeText(EVENING))).toBe('01:30:00 AM');
  expect(plain(shortTimeText(EVENING))).toBe('01:30 AM');
  expect(zoneText(EVENING)).toContain('Asia/Kolkata');
});

it('leaves out the date of a moment on the same day, by that time zone', () => {
  expect(plain(momentText(EVENING, EVENING + HOUR))).toBe('01:30:00 AM');
  expect(plain(momentText(EVENING - 2 * HOUR, EVENING))).toContain('Nov 23, 2026');
});

it.each([
  [-5 * SECOND, '5 seconds ago'],
  [-119 * SECOND, '1 minute ago'],
  [-3 * HOUR, '3 hours ago'],
  [-49 * HOUR, '2 days ago'],
  [0, 'now'],
])('says how long ago %d ms are', (distance, text) => {
  expect(relativeText(EVENING + distance, EVENING)).toBe(text);
});

it.each([
  [400, '0 sec'],
  [59 * SECOND, '59 sec'],
  [90 * SECOND, '1 min 30 sec'],
  [2 * HOUR, '2 hr'],
  [25.5 * HOUR, '1 day 1 hr'],
])('says how long %d ms last', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it('keeps four digits of a number and puts its unit behind it', () => {
  expect(numberText(1234.5678)).toBe('1,235');
  expect(numberText(0.00123456)).toBe('0.001235');
  expect(valueText(6.84, 'mm/s')).toBe('6.84 mm/s');
  expect(valueText(6.84, undefined)).toBe('6.84');
});

it.each([
  [
    [4, 6],
    ['4', '6'],
  ],
  [
    [4000, 6000],
    ['4,000', '6,000'],
  ],
  [
    [4e6, 6e6],
    ['4M', '6M'],
  ],
  [
    [4e-6, 6e-6],
    ['4E-6', '6E-6'],
  ],
  [
    [1013.2, 1013.4],
    ['1,013.2', '1,013.4'],
  ],
  [
    [101_320, 101_322],
    ['101,320', '101,322'],
  ],
  [[], []],
])('labels the axis of %j shortly, and no two values alike', (values, texts) => {
  expect(axisTexts(values)).toEqual(texts);
});
