import { InvalidSource } from './schema.ts';
import type { FieldDef, ObjectDef } from './schema.ts';
import { auditFields, makeField, makeLookup } from './systemFields.ts';

/** All history objects share it, as on the platform. */
const KEY_PREFIX = '017';

/** massmailer.io/blog/salesforce-field-history-tracking, metillium.com/2016/05/salesforce-field-history-tracking. */
const MOST_TRACKED = 20;

/** The fields whose changes are kept. */
export function trackedFields(object: ObjectDef): FieldDef[] {
  return [...object.fields.values()].filter((field) => field.tracked === true);
}

/** The lookup of a history object that leads to the record. */
export function historyParent(object: Pick<ObjectDef, 'name' | 'kind'>): string {
  return object.kind === 'custom' ? 'ParentId' : `${object.name}Id`;
}

/**
 * `Asset_Signal__History` or `CaseHistory` of an object that keeps its history: one row for each change of a field with
 * `trackHistory`. Nobody writes its rows, and they go with their record. Throws `InvalidSource` when
 * more fields are tracked than the platform allows.
 * Source: Object Reference, "StandardObjectNameHistory"; SOQL and SOSL Reference, "Using
 * Relationship Queries with History Objects" (`Parent`). Not here: `DataType`.
 */
export function historyObject(object: ObjectDef): ObjectDef {
  const count = trackedFields(object).length;
  if (count > MOST_TRACKED) {
    throw new InvalidSource(
      object.file ?? object.name,
      `${count} fields have <trackHistory>, at most ${MOST_TRACKED} are allowed`,
    );
  }
  const system = { system: true };
  const stamps = ['Id', 'IsDeleted', 'CreatedById', 'CreatedDate'];
  const fields = [
    ...auditFields.filter(({ name }) => stamps.includes(name)),
    makeLookup(historyParent(object), `${object.label} ID`, [object.name], {
      ...system,
      deleteConstraint: 'Cascade',
    }),
    makeField('Field', 'Changed Field', 'Text', { ...system, length: 255 }),
    // Long, for neither can be filtered by.
    makeField('OldValue', 'Old Value', 'LongTextArea', { ...system, length: 255 }),
    makeField('NewValue', 'New Value', 'LongTextArea', { ...system, length: 255 }),
  ];
  return {
    name:
      object.kind === 'custom' ? object.name.replace(/__c$/, '__History') : `${object.name}History`,
    label: `History: ${object.label}`,
    pluralLabel: `History: ${object.label}`,
    kind: 'standard',
    keyPrefix: KEY_PREFIX,
    historyOf: object.name,
    fields: new Map(fields.map((field) => [field.name, field])),
  };
}
