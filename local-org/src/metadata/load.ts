import { readFileSync } from 'node:fs';

import { readCustomPermission } from './customPermissionFile.ts';
import { readField } from './fieldFile.ts';
import { historyObject, trackedFields } from './historyObject.ts';
import { withComponents } from './locationField.ts';
import { assignPrefixes } from './names.ts';
import { readObject } from './objectFile.ts';
import type { ObjectShell } from './objectFile.ts';
import { readNotificationType } from './notificationTypeFile.ts';
import { loadLabels } from './pages.ts';
import { readPermissionSet } from './permissionSetFile.ts';
import { readPermissionSetGroup } from './permissionSetGroupFile.ts';
import { readQueue } from './queueFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from './schema.ts';
import { findSourceFiles } from './sourceFiles.ts';
import type { SourceFile, SourceKind } from './sourceFiles.ts';
import { standardObjects } from './standardObjects.ts';
import { taskObject } from './taskObject.ts';
import { readValidationRule } from './validationRuleFile.ts';

/**
 * Reads everything under the given folders (source format, any depth) and joins it with the
 * standard objects. Throws `Unsupported` for what this org does not implement and `InvalidSource`
 * for what contradicts itself; there is no partial load.
 */
export function loadMetadata(roots: readonly string[]): OrgMetadata {
  const files = findSourceFiles(roots);
  const of = (kind: SourceKind): SourceFile[] => files.filter((file) => file.kind === kind);
  for (const kind of kindsByName) refuseTwice(of(kind));
  Map.groupBy(of('validationRule'), ({ object }) => object).forEach(refuseTwice);
  const objects = joinObjects(of('object'), of('field'));
  const customPermissions = new Map(
    of('customPermission').map((file) => [file.name, readCustomPermission(file.path, text(file))]),
  );
  const permissionSets = new Map(
    of('permissionset').map((file) => [
      file.name,
      readPermissionSet(file.path, file.name, text(file), objects, customPermissions),
    ]),
  );
  return {
    objects,
    permissionSets,
    permissionSetGroups: new Map(
      of('permissionsetgroup').map((file) => [
        file.name,
        readPermissionSetGroup(file.path, file.name, text(file), permissionSets),
      ]),
    ),
    customPermissions,
    labels: loadLabels(roots),
    queues: new Map(
      of('queue').map((file) => [file.name, readQueue(file.path, text(file), objects)]),
    ),
    validationRules: of('validationRule').map((file) =>
      readValidationRule(file.path, file.name, text(file), objects.get(file.object ?? '')),
    ),
    notificationTypes: new Map(
      of('notiftype').map((file) => [
        file.name,
        readNotificationType(file.path, file.name, text(file)),
      ]),
    ),
    flows: of('flow').map((file) => ({ name: file.name, file: file.path, xml: text(file) })),
  };
}

/** Of these kinds no two files may have one name. */
const kindsByName = [
  'object',
  'flow',
  'permissionset',
  'permissionsetgroup',
  'customPermission',
  'queue',
  'notiftype',
] as const;

function text(file: SourceFile): string {
  return readFileSync(file.path, 'utf8');
}

function refuseTwice(files: readonly SourceFile[]): void {
  const first = new Map<string, string>();
  for (const file of files) {
    const other = first.get(file.name);
    if (other !== undefined)
      throw new InvalidSource(file.path, `${file.name} is also defined in ${other}`);
    first.set(file.name, file.path);
  }
}

function joinObjects(
  objectFiles: readonly SourceFile[],
  fieldFiles: readonly SourceFile[],
): Map<string, ObjectDef> {
  const shells = objectFiles.map((file) => readObject(file.path, file.name, text(file)));
  const objects = new Map(standardObjects.map((object) => [object.name, object]));
  for (const object of withPrefixes(shells)) objects.set(object.name, object);
  const active = shells.filter((shell) => shell.hasActivities === true);
  objects.set('Task', taskObject(active.map(({ name }) => name)));
  for (const file of fieldFiles) {
    const object = objects.get(file.object ?? '');
    if (object === undefined)
      throw new InvalidSource(file.path, `no object ${file.object} in this org`);
    if (object.name === 'Task')
      throw new Unsupported(file.path, file.name, 'a field of tasks (a field of Activity)');
    const field = readField(file.path, text(file));
    if (field.name !== file.name) {
      throw new InvalidSource(file.path, `<fullName> ${field.name} differs from the file's name`);
    }
    if (object.fields.has(field.name))
      throw new InvalidSource(file.path, 'the field is defined twice');
    refuseOnEvent(file.path, object, field);
    objects.set(object.name, {
      ...object,
      fields: new Map([...object.fields, ...withComponents(field)]),
    });
  }
  for (const object of [...objects.values()]) {
    const isKept = object.kind === 'standard' && trackedFields(object).length > 0;
    if (object.keepsHistory !== true && !isKept) continue;
    const history = historyObject(object);
    objects.set(history.name, history);
  }
  refuseDanglingLookups(objects);
  return objects;
}

function withPrefixes(shells: readonly ObjectShell[]): ObjectDef[] {
  const names = (kind: string): string[] =>
    shells.filter((s) => s.kind === kind).map((s) => s.name);
  const prefixes = new Map([
    ...assignPrefixes(names('custom'), 'a'),
    ...assignPrefixes(names('event'), 'e'),
  ]);
  return shells.map((shell) => ({ ...shell, keyPrefix: prefixes.get(shell.name) ?? '' }));
}

/** Source: Platform Events Developer Guide, "Platform Event Fields". */
const eventTypes: ReadonlySet<string> = new Set([
  'Checkbox',
  'Date',
  'DateTime',
  'Number',
  'Text',
  'LongTextArea',
]);

function refuseOnEvent(file: string, object: ObjectDef, field: FieldDef): void {
  if (object.kind !== 'event') return;
  if (!eventTypes.has(field.type))
    throw new InvalidSource(file, `an event cannot have a ${field.type} field`);
  if (field.formula !== undefined)
    throw new InvalidSource(file, 'an event cannot have a formula field');
  if (field.unique || field.externalId)
    throw new InvalidSource(file, 'fields of events have no keys');
}

function refuseDanglingLookups(objects: ReadonlyMap<string, ObjectDef>): void {
  for (const object of objects.values()) {
    for (const field of object.fields.values()) {
      const missing = field.referenceTo?.find((target) => !objects.has(target));
      if (missing === undefined) continue;
      throw new InvalidSource(
        object.file ?? object.name,
        `${field.name} points to ${missing}, which is not in this org`,
      );
    }
  }
}
