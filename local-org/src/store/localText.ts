/*
 * Values as an English (United States) user in UTC reads them: `11/23/2026`, `11/23/2026, 6:00 AM`.
 * The date-time form is that of ICU locale formats, seen in public recordings of record pages.
 */

/** @param iso begins with `YYYY-MM-DD` */
export function dateText(iso: string): string {
  const [year = '', month = '', day = ''] = iso.slice(0, 10).split('-');
  return `${Number(month)}/${Number(day)}/${year}`;
}

/** @param iso a stored DateTime */
export function dateTimeText(iso: string): string {
  const hour = Number(iso.slice(11, 13));
  const time = `${hour % 12 === 0 ? 12 : hour % 12}:${iso.slice(14, 16)} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${dateText(iso)}, ${time}`;
}
