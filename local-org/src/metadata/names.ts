import { createHash } from 'node:crypto';

/** Digits of record ids in ascending order of their bytes, so that ids sort by age. */
export const ID_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Key prefixes for custom objects (`a..`) and events (`e..`), as on the platform but derived from
 * the names, so that the same source always gives the same ids. A clash takes the next free prefix
 * in the order of the names.
 */
export function assignPrefixes(names: readonly string[], first: 'a' | 'e'): Map<string, string> {
  const taken = new Set<string>();
  const prefixes = new Map<string, string>();
  const size = ID_DIGITS.length;
  for (const name of names.toSorted()) {
    let slot = createHash('sha256').update(name).digest().readUInt32BE(0) % (size * size);
    let prefix = prefixAt(first, slot);
    while (taken.has(prefix)) {
      slot = (slot + 1) % (size * size);
      prefix = prefixAt(first, slot);
    }
    taken.add(prefix);
    prefixes.set(name, prefix);
  }
  return prefixes;
}

function prefixAt(first: string, slot: number): string {
  const size = ID_DIGITS.length;
  return `${first}${ID_DIGITS.charAt(Math.floor(slot / size))}${ID_DIGITS.charAt(slot % size)}`;
}

/** How SOQL names the parent behind a custom lookup: `Asset__c` → `Asset__r`. */
export function parentName(lookup: string): string {
  return lookup.replace(/__c$/, '__r');
}
