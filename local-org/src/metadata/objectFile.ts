import { autoNumberFormat } from './fieldFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, ObjectDef } from './schema.ts';
import { auditFields, eventFields, makeField, ownerField } from './systemFields.ts';
import { childOf, flagOf, parseXml, refuseUnknown, requiredText, textOf, wholeOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Elements that change pages, search or reports, none of which this org has. */
const descriptive = [
  'description',
  'allowInChatterGroups',
  'actionOverrides',
  'searchLayouts',
  'enableBulkApi',
  'enableFeeds',
  'enableReports',
  'enableSearch',
  'enableSharing',
  'enableStreamingApi',
  'enableLicensing',
  'externalSharingModel',
  'gender',
  'startsWith',
  'visibility',
];

const known = new Set([
  ...descriptive,
  'fullName',
  'label',
  'pluralLabel',
  'nameField',
  'deploymentStatus',
  'sharingModel',
  'eventType',
  'publishBehavior',
  'enableHistory',
  'enableActivities',
  'compactLayoutAssignment',
]);

/** What an object file says, before its fields join it. */
export type ObjectShell = Omit<ObjectDef, 'keyPrefix'>;

/**
 * Reads `NAME.object-meta.xml` of a custom object or an event. Throws `Unsupported` for elements
 * it does not know, for objects that are not deployed and for sharing it does not enforce.
 */
export function readObject(file: string, name: string, xml: string): ObjectShell {
  const root = parseXml(file, xml, 'CustomObject');
  refuseUnknown(file, root, known);
  const status = textOf(file, root, 'deploymentStatus') ?? 'Deployed';
  if (status !== 'Deployed') throw new Unsupported(file, 'deploymentStatus', status);
  const shared = {
    name,
    label: requiredText(file, root, 'label'),
    pluralLabel: requiredText(file, root, 'pluralLabel'),
    file,
  };
  if (name.endsWith('__e') && flagOf(file, root, 'enableHistory', false))
    throw new InvalidSource(file, 'an event keeps no history');
  if (name.endsWith('__e')) return { ...shared, kind: 'event', ...eventOf(file, root) };
  if (!name.endsWith('__c'))
    throw new Unsupported(file, name, 'changing a standard or special object');
  const compact = textOf(file, root, 'compactLayoutAssignment') ?? 'SYSTEM';
  const fields = [...auditFields, ownerField, nameField(file, root)];
  return {
    ...shared,
    kind: 'custom',
    sharing: sharingOf(file, root),
    ...(flagOf(file, root, 'enableHistory', false) ? { keepsHistory: true } : {}),
    ...(flagOf(file, root, 'enableActivities', false) ? { hasActivities: true } : {}),
    ...(compact === 'SYSTEM' ? {} : { compactLayout: compact }),
    fields: new Map(fields.map((field) => [field.name, field])),
  };
}

function eventOf(file: string, root: XmlElement): Pick<ObjectDef, 'fields' | 'publishBehavior'> {
  const type = requiredText(file, root, 'eventType');
  if (type !== 'HighVolume') throw new Unsupported(file, 'eventType', type);
  const behavior = textOf(file, root, 'publishBehavior') ?? 'PublishImmediately';
  if (behavior !== 'PublishAfterCommit' && behavior !== 'PublishImmediately') {
    throw new InvalidSource(file, `<publishBehavior> is "${behavior}"`);
  }
  return {
    fields: new Map(eventFields.map((field) => [field.name, field])),
    publishBehavior: behavior,
  };
}

function sharingOf(file: string, root: XmlElement): NonNullable<ObjectDef['sharing']> {
  const model = textOf(file, root, 'sharingModel') ?? 'ReadWrite';
  if (model === 'Private' || model === 'Read' || model === 'ReadWrite') return model;
  throw new Unsupported(file, 'sharingModel', model);
}

function nameField(file: string, root: XmlElement): FieldDef {
  const name = childOf(file, root, 'nameField');
  if (name === undefined) throw new InvalidSource(file, 'a custom object needs a <nameField>');
  refuseUnknown(
    file,
    name,
    new Set(['label', 'type', 'displayFormat', 'startingNumber', 'trackHistory']),
  );
  const label = requiredText(file, name, 'label');
  const tracked = flagOf(file, name, 'trackHistory', false) ? { tracked: true } : {};
  const type = requiredText(file, name, 'type');
  if (type === 'Text') {
    // The platform fills an empty name with the record id instead of refusing the row.
    return makeField('Name', label, 'Text', { length: 80, ...tracked });
  }
  if (type !== 'AutoNumber') throw new InvalidSource(file, `<nameField> type is "${type}"`);
  if ((wholeOf(file, name, 'startingNumber') ?? 1) !== 1) {
    throw new Unsupported(file, 'nameField', '<startingNumber> other than 1');
  }
  const displayFormat = autoNumberFormat(file, requiredText(file, name, 'displayFormat'));
  return makeField('Name', label, 'AutoNumber', { system: true, displayFormat });
}
