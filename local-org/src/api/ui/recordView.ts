import { createHash } from 'node:crypto';

import type { FieldValue } from '../../store/records.ts';
import type { FieldPath } from '../../store/soql/paths.ts';
import type { ApiRequest, RestParts } from '../rest/context.ts';
import { visibleRow } from '../rest/visible.ts';
import type { TypedRow } from '../rest/visible.ts';
import { MASTER_RECORD_TYPE, displayValueOf, nameOf, weakEtagOf } from './display.ts';

/** Source: User Interface API Developer Guide, "Field Value". */
interface FieldValueJson {
  readonly displayValue: string | null;
  readonly value: FieldValue | RecordJson;
}

/** Source: User Interface API Developer Guide, "Record". */
export interface RecordJson {
  readonly apiName: string;
  readonly childRelationships: Readonly<Record<string, never>>;
  /** Changes with the fields shown; a guide's advice is to compare `weakEtag` instead. */
  readonly eTag: string;
  readonly fields: Readonly<Record<string, FieldValueJson>>;
  readonly id: string;
  readonly lastModifiedById: FieldValue;
  readonly lastModifiedDate: FieldValue;
  readonly recordTypeId: string;
  readonly recordTypeInfo: null;
  readonly systemModstamp: FieldValue;
  readonly weakEtag: number;
}

/** A record with the fields of the paths; parents are records of their own, null when not readable. */
export function viewRecord(
  parts: RestParts,
  { session }: ApiRequest,
  record: TypedRow,
  paths: readonly FieldPath[],
): RecordJson {
  return viewLevel(parts, session.userId, record, paths, 0);
}

function viewLevel(
  parts: RestParts,
  userId: string,
  { object, row }: TypedRow,
  paths: readonly FieldPath[],
  depth: number,
): RecordJson {
  const fields: Record<string, FieldValueJson> = {};
  for (const path of paths) {
    const lookup = path.lookups[depth];
    if (lookup === undefined) {
      // An owner may be a user or a queue: the path was judged against the first that has the field.
      const field = object.fields.get(path.field.name);
      const value = row[path.field.name] ?? null;
      const displayValue = field === undefined ? null : displayValueOf(field, value);
      fields[path.field.name] = { displayValue, value };
      continue;
    }
    const name = lookup.relationshipName ?? lookup.name;
    if (name in fields) continue;
    const parent = visibleRow(parts, userId, row[lookup.name]);
    const inner = paths.filter((other) => other.lookups[depth] === lookup);
    fields[name] =
      parent === undefined
        ? { displayValue: null, value: null }
        : {
            displayValue: nameOf(parent.object, parent.row),
            value: viewLevel(parts, userId, parent, inner, depth + 1),
          };
  }
  return {
    apiName: object.name,
    childRelationships: {},
    eTag: createHash('md5').update(JSON.stringify(fields)).digest('hex'),
    fields,
    id: String(row['Id']),
    lastModifiedById: row['LastModifiedById'] ?? null,
    lastModifiedDate: row['LastModifiedDate'] ?? null,
    recordTypeId: MASTER_RECORD_TYPE,
    recordTypeInfo: null,
    systemModstamp: row['SystemModstamp'] ?? null,
    weakEtag: weakEtagOf(row),
  };
}
