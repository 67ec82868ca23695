/** A record as the UI API writes it. */
export interface UiRecord {
  readonly apiName: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, UiField>>;
  readonly [more: string]: unknown;
}

/** `value` is a text, number or boolean, null, or the record behind a lookup. */
export interface UiField {
  readonly displayValue: string | null;
  readonly value: unknown;
}

/** What `@salesforce/schema/Asset.Name` gives; a text `Asset.Name` means the same. */
export type FieldId = string | { readonly objectApiName: string; readonly fieldApiName: string };

/** `Asset.Account.Name` of either form. */
export function qualifiedName(field: FieldId): string {
  return typeof field === 'string' ? field : `${field.objectApiName}.${field.fieldApiName}`;
}

export function isRecord(value: unknown): value is UiRecord {
  return typeof value === 'object' && value !== null && 'fields' in value && 'apiName' in value;
}

/** The field at the end of a path without its object (`['Account', 'Name']`), or undefined. */
export function fieldAt(record: UiRecord, path: readonly string[]): UiField | undefined {
  let current: UiRecord = record;
  for (const [index, name] of path.entries()) {
    const field = current.fields[name];
    if (field === undefined || index === path.length - 1) return field;
    if (!isRecord(field.value)) return undefined;
    current = field.value;
  }
  return undefined;
}

/**
 * The record with the given fields only: a component that forgot to ask for a field must not get it
 * because another one on the page did.
 * @param fields qualified names; those the record does not have are left out
 */
export function pick(record: UiRecord, fields: Iterable<string>): UiRecord {
  return pickPaths(
    record,
    [...fields].map((name) => name.split('.').slice(1)),
  );
}

function pickPaths(record: UiRecord, paths: readonly (readonly string[])[]): UiRecord {
  const fields: Record<string, UiField> = {};
  for (const name of new Set(paths.map(([first = '']) => first))) {
    const field = record.fields[name];
    if (field === undefined) continue;
    const deeper = paths
      .filter((path) => path[0] === name && path.length > 1)
      .map((path) => path.slice(1));
    fields[name] =
      isRecord(field.value) && deeper.length > 0
        ? { ...field, value: pickPaths(field.value, deeper) }
        : field;
  }
  return { ...record, fields };
}

/** Freezes a value and all in it: what a wire gives is read-only. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
