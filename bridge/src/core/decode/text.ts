/** Longest device key: `Signal_Device__c.Device_Key__c` holds this many characters. */
export const MAX_DEVICE_KEY = 120;
/** Longest metric name and device type: the text fields of `Asset_Signal__e` hold them whole. */
export const MAX_NAME = 80;

const QUOTE_LENGTH = 60;
// Unicode category Cc: they break logs, SOQL and the eyes of whoever compares two keys.
const CONTROL = /\p{Cc}/u;

/** `text` in quotes for a sentence: control characters escaped, cut after 60 characters. */
export function quote(text: string): string {
  const whole = text.length <= QUOTE_LENGTH;
  // A cut may halve a surrogate pair; toWellFormed keeps the result valid text.
  const shown = whole ? text : text.slice(0, QUOTE_LENGTH);
  // JSON leaves DEL and the C1 control characters as they are.
  const quoted = JSON.stringify(shown.toWellFormed()).replaceAll(/\p{Cc}/gu, escaped);
  return whole ? quoted : `${quoted}… (${text.length} characters)`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Why `text` cannot name a device, a device type or a metric; undefined where it can.
 *
 * 1 to `max` characters, valid Unicode, no control characters, no space at either end: Salesforce
 * trims text fields, so `"pump-1 "` and `"pump-1"` would become one key there and two here.
 */
export function nameProblem(text: string, max: number): string | undefined {
  if (text === '') return `is empty; 1 to ${max} characters are required`;
  if (text.length > max) return `has ${text.length} characters; at most ${max} are allowed`;
  if (!text.isWellFormed()) return 'is not valid Unicode text (half of a surrogate pair)';
  if (CONTROL.test(text)) return `${quote(text)} contains a control character`;
  if (text !== text.trim()) return `${quote(text)} begins or ends with a space`;
  return undefined;
}

/** A JSON value in a sentence: `the string "12"`, `an object`, `null`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return `the string ${quote(value)}`;
    case 'number':
      return Number.isFinite(value) ? `the number ${value}` : 'a number too large to represent';
    case 'boolean':
      return `the boolean ${value}`;
    case 'object':
      return 'an object';
    default:
      return 'nothing';
  }
}
