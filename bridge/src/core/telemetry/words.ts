/** The length of `Telemetry_View__c.Bridge_Message__c`. */
const MAX_MESSAGE = 255;

/** Cut to the length of the field, with a sign that it was; never inside a character. */
export function shorten(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  const cut = message.slice(0, MAX_MESSAGE - 1);
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
  return `${whole}…`;
}

/** `09:41:07 UTC`; the date is that of the last hour. */
export function sayTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
