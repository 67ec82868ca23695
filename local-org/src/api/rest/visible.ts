import { objectOfPrefix } from '../../metadata/find.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import type { FieldValue, RecordData } from '../../store/records.ts';
import type { RestParts } from './context.ts';

/** A record and its type. */
export interface TypedRow {
  readonly object: ObjectDef;
  readonly row: RecordData;
}

/** The record with this id, whoever may see it, or undefined when there is none. */
export function rowOfId(
  parts: Pick<RestParts, 'metadata' | 'store'>,
  id: FieldValue | undefined,
): TypedRow | undefined {
  if (typeof id !== 'string') return undefined;
  const object = objectOfPrefix(parts.metadata, id.slice(0, 3));
  if (object === undefined || object.kind === 'event') return undefined;
  const row = parts.store.read(object.name, id);
  return row === undefined ? undefined : { object, row };
}

/** Whether the user's rights on the object and sharing let them read this record. */
export function mayRead(
  { access }: Pick<RestParts, 'access'>,
  userId: string,
  { object, row }: TypedRow,
): boolean {
  return access.may(userId, object.name, 'read') && access.mayRow(userId, object, row, 'read');
}

/** The record with this id as far as the user may read it. */
export function visibleRow(
  parts: Pick<RestParts, 'metadata' | 'store' | 'access'>,
  userId: string,
  id: FieldValue | undefined,
): TypedRow | undefined {
  const found = rowOfId(parts, id);
  return found !== undefined && mayRead(parts, userId, found) ? found : undefined;
}
