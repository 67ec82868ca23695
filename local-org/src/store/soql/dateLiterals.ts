import { notImplemented } from './soqlError.ts';

/** A span of whole days in UTC, `from` inclusive, `to` exclusive; milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The days that a date literal means, counted in UTC (the time zone of this org and its users);
 * weeks begin on Sunday. `LAST_N_DAYS` "includes the current day, not just previous days. So it
 * includes 91 days in total" for 90; `NEXT_N_DAYS` begins tomorrow.
 * Source: SOQL and SOSL Reference, "Date Formats and Date Literals".
 */
export function spanOf(literal: string, count: number, now: number): Span {
  const today = new Date(now);
  const day = (offset: number): number =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + offset);
  const month = (offset: number): number =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + offset, 1);
  const year = (offset: number): number => Date.UTC(today.getUTCFullYear() + offset, 0, 1);
  const sunday = -today.getUTCDay();
  const name = literal.split(':')[0] ?? literal;
  const spans: Readonly<Record<string, () => Span>> = {
    YESTERDAY: () => ({ from: day(-1), to: day(0) }),
    TODAY: () => ({ from: day(0), to: day(1) }),
    TOMORROW: () => ({ from: day(1), to: day(2) }),
    LAST_WEEK: () => ({ from: day(sunday - 7), to: day(sunday) }),
    THIS_WEEK: () => ({ from: day(sunday), to: day(sunday + 7) }),
    NEXT_WEEK: () => ({ from: day(sunday + 7), to: day(sunday + 14) }),
    LAST_MONTH: () => ({ from: month(-1), to: month(0) }),
    THIS_MONTH: () => ({ from: month(0), to: month(1) }),
    NEXT_MONTH: () => ({ from: month(1), to: month(2) }),
    LAST_YEAR: () => ({ from: year(-1), to: year(0) }),
    THIS_YEAR: () => ({ from: year(0), to: year(1) }),
    NEXT_YEAR: () => ({ from: year(1), to: year(2) }),
    LAST_90_DAYS: () => ({ from: day(-90), to: day(1) }),
    NEXT_90_DAYS: () => ({ from: day(1), to: day(91) }),
    LAST_N_DAYS: () => ({ from: day(-count), to: day(1) }),
    NEXT_N_DAYS: () => ({ from: day(1), to: day(count + 1) }),
    N_DAYS_AGO: () => ({ from: day(-count), to: day(1 - count) }),
  };
  const span = spans[name.toUpperCase()];
  if (span === undefined) throw notImplemented(`the date literal ${literal}`);
  return span();
}
