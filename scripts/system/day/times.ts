export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Hours between two readings of a device. */
export const STEP = 0.25;

/**
 * When the day begins: at 06:00 two days ago, so that it ends at 06:00 of another day of Greenwich Mean Time, and all of it
 * lies in the past for the certificates, which go by the machine's clock.
 */
export const startOfDay = (now: number): number => (Math.floor(now / DAY) - 2) * DAY + 6 * HOUR;

/** `09:15`, hours since the day began. */
export const clockTime = (hours: number): string => {
  const minutes = Math.round(hours * 60) + 6 * 60;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
};
