import { findObject } from '../metadata/find.ts';
import { historyParent, trackedFields } from '../metadata/historyObject.ts';
import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import { toColumn } from './columns.ts';
import type { FieldValue, RecordData } from './records.ts';
import type { StoreParts } from './storeParts.ts';
import { quote } from './tables.ts';

/** A row of a history object but for its id. */
interface Change {
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/**
 * Keeps what a save changed: of a new record that it was `created`, of a changed one each tracked
 * field with both values; of a long text only that it changed
 * (salesforcedictionary.com/terms/field-history-tracking); of a lookup two rows, one with the names
 * and one with the ids.
 */
export function keepHistory(
  parts: StoreParts,
  object: ObjectDef,
  row: RecordData,
  old: RecordData | undefined,
  nextId: (keyPrefix: string) => string,
): void {
  const history = [...parts.metadata.objects.values()].find((one) => one.historyOf === object.name);
  if (history === undefined) return;
  const changes =
    old === undefined
      ? [{ field: 'created', before: null, after: null }]
      : trackedFields(object).flatMap((field) => changesOf(parts, field, old, row));
  const insert = parts.prepare(
    `INSERT INTO ${quote(history.name)} ("Id", "IsDeleted", "CreatedById", "CreatedDate", ${quote(historyParent(object))}, "Field", "OldValue", "NewValue") VALUES (?, 0, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { field, before, after } of changes) {
    insert.run(
      nextId(history.keyPrefix),
      toColumn(row['LastModifiedById']),
      toColumn(row['LastModifiedDate']),
      toColumn(row['Id']),
      field,
      toText(before),
      toText(after),
    );
  }
}

function changesOf(
  parts: StoreParts,
  { name, type, referenceTo = [] }: FieldDef,
  old: RecordData,
  row: RecordData,
): Change[] {
  const before = old[name] ?? null;
  const after = row[name] ?? null;
  if (before === after) return [];
  if (type === 'LongTextArea') return [{ field: name, before: null, after: null }];
  const change = { field: name, before, after };
  if (type !== 'Lookup') return [change];
  const named = (id: FieldValue): FieldValue => nameOf(parts, referenceTo, id);
  return [{ field: name, before: named(before), after: named(after) }, change];
}

function nameOf(parts: StoreParts, targets: readonly string[], id: FieldValue): FieldValue {
  if (typeof id !== 'string') return null;
  for (const target of targets) {
    const object = findObject(parts.metadata, target);
    const row = object === undefined ? undefined : parts.readRow(object, id, true);
    if (row !== undefined) return row['Name'] ?? row['CaseNumber'] ?? row['Subject'] ?? id;
  }
  return id;
}

function toText(value: FieldValue): string | null {
  return value === null ? null : String(value);
}
