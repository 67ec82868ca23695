/* Reads saved state; each throws, naming the place, where it is not what it should be. */

/** An object by its names; a name may be anything, `__proto__` too. */
export type Fields = ReadonlyMap<string, unknown>;

/** The fields of an object. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value));
  throw new Error(`the state has no object at ${name}`);
}

export function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`the state has no list at ${name}`);
}

export function numberOf(fields: Fields, name: string): number {
  const value = fields.get(name);
  if (typeof value === 'number') return value;
  throw new Error(`the state has no number at ${name}`);
}

/** A text, or undefined where there is none. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`the state has no text at ${name}`);
}
