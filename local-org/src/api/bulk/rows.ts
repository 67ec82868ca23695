import { findField, findObject, findParent } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { SaveError } from '../../store/records.ts';
import { checkValue } from '../../store/values.ts';

/** A column of the CSV: the field it fills, behind a lookup when its head is `Asset__r.Key__c`. */
export interface BulkColumn {
  readonly head: string;
  readonly field: FieldDef;
  /** `Asset__r` */
  readonly parent?: string;
}

/** The whole job cannot be done; the text is what its `errorMessage` says. */
export class BulkJobError extends Error {}

/** How Bulk API 2.0 writes "make this field empty"; an empty cell leaves it alone. */
const EMPTY = '#N/A';

/** Finds the fields of the head line. Throws `BulkJobError` in the platform's words. */
export function readHead(
  metadata: OrgMetadata,
  object: ObjectDef,
  head: readonly string[],
): BulkColumn[] {
  return head.map((name) => {
    const own = findField(object, name);
    if (own !== undefined) return { head: name, field: own };
    const [parent = '', key = '', ...more] = name.split('.');
    const lookup = more.length > 0 ? undefined : findParent(object, parent);
    for (const target of lookup?.referenceTo ?? []) {
      const there = findObject(metadata, target);
      const field = there === undefined ? undefined : findField(there, key);
      if (field !== undefined) return { head: name, field, parent };
    }
    throw new BulkJobError(`InvalidBatch : Field name not found : ${name}`);
  });
}

/** A line of the CSV as the JSON of a record, or what is wrong with it. */
export type BulkRow =
  | { readonly ok: true; readonly record: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: SaveError };

/** Texts become what their fields hold; a text that cannot is an error of this line alone. */
export function toRow(
  object: ObjectDef,
  columns: readonly BulkColumn[],
  cells: readonly string[],
): BulkRow {
  const record: Record<string, unknown> = { attributes: { type: object.name } };
  for (const [index, { field, parent }] of columns.entries()) {
    const text = cells[index] ?? '';
    if (text === '') continue;
    const checked = checkValue(field, text === EMPTY ? null : toJson(field, text));
    if (!checked.ok) return checked;
    if (parent === undefined) record[field.name] = checked.value;
    else record[parent] = checked.value === null ? null : { [field.name]: checked.value };
  }
  return { ok: true, record };
}

function toJson(field: FieldDef, text: string): string | number | boolean {
  if (field.type === 'Number' && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  if (field.type === 'Checkbox' && /^(?:true|false|1|0)$/i.test(text))
    return /^(?:true|1)$/i.test(text);
  return text;
}
