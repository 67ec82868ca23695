/** What JSON.parse can give, before anybody looked at it. */
export type Json = unknown;

/**
 * The value at a dotted path (`data.vib`), or undefined where there is none.
 *
 * Only own properties count, so `__proto__` or `constructor` find what the payload says and
 * nothing else. A number as a step picks an element of an array. A key that itself contains the
 * rest of the path with its dots (`{"data.vib": 1}`) is found too. The empty path is the whole
 * value.
 */
export function valueAt(value: Json, path: string): Json {
  if (path === '') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return ownValue(value, path);
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = valueAt(ownValue(value, head), path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function ownValue(value: object, key: string): Json {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
