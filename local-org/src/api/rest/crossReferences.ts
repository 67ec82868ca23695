import type { ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, RecordData, SaveError } from '../../store/records.ts';
import type { RestParts } from './context.ts';
import { mayRead, rowOfId } from './visible.ts';

/**
 * The refusal of a lookup to a record that the user may not read, or undefined: "the running user
 * does not have Read sharing access to a parent record identified by an ID in the payload" (Help
 * article 005385199). A record that isn't there is left to the save, which says so.
 */
export function crossReferenceError(
  parts: RestParts,
  userId: string,
  object: ObjectDef,
  values: RecordData,
): SaveError | undefined {
  for (const [name, value] of Object.entries(values)) {
    if (object.fields.get(name)?.type !== 'Lookup') continue;
    const target = rowOfId(parts, value);
    if (target !== undefined && !mayRead(parts, userId, target)) return unreadable(value);
  }
  return undefined;
}

/** Like other refusals that point at a record it names the 15 characters of its id. */
function unreadable(id: FieldValue): SaveError {
  return {
    statusCode: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    message: `insufficient access rights on cross-reference id: ${String(id).slice(0, 15)}`,
    fields: [],
  };
}
