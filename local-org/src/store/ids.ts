import { ID_DIGITS } from '../metadata/names.ts';

const CHECKSUM_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Characters 4 to 6: where the platform names the instance; a fixed mark makes our ids easy to spot. */
const INSTANCE = 'Lo0';

/** The 18-character id of the `count`-th record (from 1) with this key prefix. */
export function makeId(keyPrefix: string, count: number): string {
  let rest = '';
  for (let left = count; rest.length < 9; left = Math.floor(left / ID_DIGITS.length)) {
    rest = ID_DIGITS.charAt(left % ID_DIGITS.length) + rest;
  }
  return withChecksum(`${keyPrefix}${INSTANCE}${rest}`);
}

/**
 * Adds the three characters that make a case-sensitive 15-character id safe to compare without
 * case: each encodes which of five characters are capitals.
 * Source: Salesforce, "What are Salesforce ids composed of?" and Object Reference, "ID Field Type".
 */
export function withChecksum(id15: string): string {
  let checksum = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let place = 0; place < 5; place += 1) {
      const character = id15.charAt(block * 5 + place);
      if (character >= 'A' && character <= 'Z') bits += 1 << place;
    }
    checksum += CHECKSUM_DIGITS.charAt(bits);
  }
  return id15 + checksum;
}

/** The 18-character form of a 15- or 18-character id, or undefined when it is none. */
export function toId18(value: string): string | undefined {
  if (!/^[A-Za-z0-9]+$/.test(value)) return undefined;
  if (value.length === 15) return withChecksum(value);
  if (value.length !== 18) return undefined;
  return withChecksum(value.slice(0, 15)) === value ? value : undefined;
}
