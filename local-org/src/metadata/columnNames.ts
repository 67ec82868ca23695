import { InvalidSource } from './schema.ts';
import type { FieldDef, ObjectDef } from './schema.ts';

/**
 * How list views, and the related lists of layouts, call standard fields. Source: Metadata API
 * Developer Guide, "ListView"; names of Case as in list views that orgs come with.
 */
const OF_ALL: Readonly<Record<string, string>> = {
  NAME: 'Name',
  CREATED_DATE: 'CreatedDate',
  LAST_UPDATE: 'LastModifiedDate',
};
const OF_OBJECT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Case: {
    'CASES.CASE_NUMBER': 'CaseNumber',
    'CASES.CREATED_DATE': 'CreatedDate',
    'CASES.PRIORITY': 'Priority',
    'CASES.STATUS': 'Status',
    'CASES.SUBJECT': 'Subject',
  },
};

/** The field that a column or a filter names; throws `InvalidSource` where there is none. */
export function fieldOfColumn(
  file: string,
  element: string,
  object: ObjectDef,
  column: string,
): FieldDef {
  const name = OF_OBJECT[object.name]?.[column] ?? OF_ALL[column] ?? column;
  const field = object.fields.get(name);
  if (field !== undefined) return field;
  throw new InvalidSource(file, `<${element}>: no field ${column} on ${object.name}`);
}
