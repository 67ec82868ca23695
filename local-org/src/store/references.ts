import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { RecordData, SaveError, SaveOutcome } from './records.ts';
import { deleteRestricted } from './saveErrors.ts';
import { quote } from './tables.ts';
import type { StoreParts } from './storeParts.ts';

/**
 * Prepares the deletion of a row: lookups to it are emptied, or refuse, or take their own rows
 * along, each by its delete constraint. Returns the refusal, or undefined when the way is free.
 * Emptying a lookup starts no automation and leaves the row's modification stamps alone.
 */
export function clearReferences(
  parts: StoreParts,
  target: ObjectDef,
  row: RecordData,
  removeChild: (object: ObjectDef, id: string) => SaveOutcome,
): SaveError | undefined {
  const id = String(row['Id']);
  const lookups = lookupsTo(parts, target);
  for (const { object, field } of lookups) {
    if (field.deleteConstraint !== 'Restrict') continue;
    const rows = childrenOf(parts, object, field, id);
    if (rows.length === 0) continue;
    const names = rows
      .slice(0, 5)
      .map((child) =>
        String(child['Name'] ?? child['CaseNumber'] ?? child['Subject'] ?? child['Id']),
      );
    return deleteRestricted(String(row['Name'] ?? id), object.pluralLabel.toLowerCase(), names);
  }
  for (const { object, field } of lookups) {
    if (field.deleteConstraint === 'Cascade') {
      for (const child of childrenOf(parts, object, field, id)) {
        const outcome = removeChild(object, String(child['Id']));
        if (!outcome.ok) return outcome.errors[0];
      }
    } else if (!field.system && field.name !== 'OwnerId') {
      const column = quote(field.name);
      parts
        .prepare(`UPDATE ${quote(object.name)} SET ${column} = NULL WHERE ${column} = ?`)
        .run(id);
    }
  }
  return undefined;
}

function childrenOf(
  parts: StoreParts,
  object: ObjectDef,
  field: FieldDef,
  id: string,
): RecordData[] {
  return parts.select({
    object: object.name,
    where: { kind: 'compare', field: field.name, op: '=', value: id },
  });
}

function lookupsTo(parts: StoreParts, target: ObjectDef): { object: ObjectDef; field: FieldDef }[] {
  return [...parts.metadata.objects.values()]
    .filter((object) => object.kind !== 'event')
    .flatMap((object) =>
      [...object.fields.values()]
        .filter((field) => field.referenceTo?.includes(target.name) === true)
        .map((field) => ({ object, field })),
    );
}
