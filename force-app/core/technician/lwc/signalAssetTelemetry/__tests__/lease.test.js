import { clockOffset, isBridgeSilent, isDeviceSilent, leaseStep } from '../lease';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

it.each([
  ['none', 90 * SECOND],
  ['renew', 59 * SECOND],
  ['reopen', 0],
  ['reopen', -MINUTE],
])('asks to %s with %d ms left of a lease', (step, left) => {
  expect(leaseStep(10 * MINUTE + left, 10 * MINUTE)).toBe(step);
});

describe('clockOffset', () => {
  const at = Date.UTC(2026, 10, 23, 12);

  it('takes clocks that differ by what a call may take as right', () => {
    expect(clockOffset(new Date(at - SECOND).toISOString(), at, at + 2 * SECOND)).toBe(0);
  });

  it.each([4 * MINUTE, -4 * MINUTE])('finds a clock that is wrong by %d ms', (wrong) => {
    const saved = new Date(at + wrong).toISOString();
    expect(clockOffset(saved, at - 100, at + 100)).toBe(wrong);
  });

  it('trusts its own clock when the record does not say when it was saved', () => {
    expect(clockOffset(undefined, at, at)).toBe(0);
  });
});

it('calls a bridge silent after a minute', () => {
  expect(isBridgeSilent(0, MINUTE)).toBe(false);
  expect(isBridgeSilent(0, MINUTE + 1)).toBe(true);
});

it('calls a device silent by its own pace whatever range is shown, but not within a minute', () => {
  const everySecond = { series: [{ n: 3600, t: [] }] };
  const everyFive = {
    series: [
      { n: 12, t: [0] },
      { n: 3, t: [] },
    ],
  };
  const justBegun = { series: [{ n: 3, t: [0, SECOND, 2 * SECOND] }] };
  expect(isDeviceSilent(0, MINUTE, everySecond)).toBe(false);
  expect(isDeviceSilent(0, MINUTE + 1, everySecond)).toBe(true);
  expect(isDeviceSilent(0, 20 * MINUTE, everyFive)).toBe(false);
  expect(isDeviceSilent(0, 26 * MINUTE, everyFive)).toBe(true);
  expect(isDeviceSilent(0, 2 * MINUTE, justBegun)).toBe(true);
  expect(isDeviceSilent(0, 2 * MINUTE, { series: [] })).toBe(true);
});
