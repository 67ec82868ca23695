import { z } from 'zod';
import { describeValue, quote } from './text.ts';

/** Longest device key: `Signal_Device__c.Device_Key__c` holds this many characters. */
export const MAX_DEVICE_KEY = 120;
/** Longest metric name and device type: the text fields of `Asset_Signal__e` hold them whole. */
export const MAX_NAME = 80;

// Unicode category Cc: they break logs, SOQL and the eyes of whoever compares two keys.
const CONTROL = /\p{Cc}/u;

/**
 * What names a device, a device type or a metric: 1 to `max` characters, valid Unicode, no control
 * characters, no space at either end. The sentences begin with `label`; `wanted` ends the one for
 * what is no text at all.
 */
export function nameSchema(label: string, max: number, wanted: string) {
  return z
    .string({
      error: ({ input }) =>
        input === undefined
          ? `${label} is missing; it names the device`
          : `${label} is ${describeValue(input)}; ${wanted}`,
    })
    .min(1, { error: `${label} is empty; 1 to ${max} characters are required` })
    .check(
      // Not zod's max, which counts code points: Salesforce counts UTF-16 units, as `length` does.
      rule(
        (text) => text.length <= max,
        (text) => `${label} has ${text.length} characters; at most ${max} are allowed`,
      ),
      rule(
        (text) => text.isWellFormed(),
        () => `${label} is not valid Unicode text (half of a surrogate pair)`,
      ),
      rule(
        (text) => !CONTROL.test(text),
        (text) => `${label} ${quote(text)} contains a control character`,
      ),
      // Salesforce trims text fields: "pump-1 " and "pump-1" would be one key there and two here.
      rule(
        (text) => text === text.trim(),
        (text) => `${label} ${quote(text)} begins or ends with a space`,
      ),
    );
}

function rule(holds: (text: string) => boolean, says: (text: string) => string) {
  return z.refine<string>(holds, { error: ({ input }) => says(String(input)) });
}
