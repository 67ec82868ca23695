import { isJsonObject } from './body.ts';
import { RestError } from './errors.ts';

/**
 * Replaces `@{reference.path}` in a subrequest by what an earlier one answered: `@{ref1.id}`,
 * `@{query.records[0].Id}`. A text that is nothing but one reference takes over the value's type.
 * Throws when the reference or the path in its answer is missing.
 * Source: REST API Developer Guide, "Composite: Using Reference IDs".
 */
export function resolveReferences(value: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return resolveText(value, answers);
  if (Array.isArray(value)) return value.map((one) => resolveReferences(one, answers));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, resolveReferences(one, answers)]),
  );
}

const reference = /@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}/g;

function resolveText(text: string, answers: ReadonlyMap<string, unknown>): unknown {
  const [only] = text.matchAll(reference);
  if (only !== undefined && only[0] === text) return valueAt(only[1] ?? '', only[2] ?? '', answers);
  return text.replace(reference, (_, id: string, path: string) => {
    const value = valueAt(id, path, answers);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueAt(id: string, path: string, answers: ReadonlyMap<string, unknown>): unknown {
  let value = answers.get(id);
  if (value === undefined)
    throw broken(
      `No value for ${id} found: there is no earlier subrequest of that name, or it failed`,
    );
  for (const [, name, index] of path.matchAll(/\.([A-Za-z0-9_]+)|\[(\d+)\]/g)) {
    const next: unknown = Array.isArray(value)
      ? value[Number(index ?? -1)]
      : isJsonObject(value) && name !== undefined
        ? value[name]
        : undefined;
    if (next === undefined)
      throw broken(`Invalid reference specified. No value for ${id}${path} found in ${id}`);
    value = next;
  }
  return value;
}

function broken(message: string): RestError {
  return new RestError(400, 'PROCESSING_HALTED', message);
}
