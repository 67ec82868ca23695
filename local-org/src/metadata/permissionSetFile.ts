import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef, PermissionSetDef } from './schema.ts';
import { componentsOf } from './locationField.ts';
import { childrenOf, flagOf, parseXml, refuseUnknown, requiredText } from './xml.ts';
import type { XmlElement } from './xml.ts';

const known = new Set([
  'description',
  'hasActivationRequired',
  'label',
  'license',
  'objectPermissions',
  'fieldPermissions',
  'flowAccesses',
  'userPermissions',
  'customPermissions',
  'applicationVisibilities',
  'tabSettings',
]);

const objectElements = new Set([
  'object',
  'allowCreate',
  'allowRead',
  'allowEdit',
  'allowDelete',
  'viewAllRecords',
  'modifyAllRecords',
  'viewAllFields',
]);

/**
 * Reads a `.permissionset-meta.xml` against the objects of the org. Like a deployment it refuses
 * permissions on what doesn't exist and on fields that have none (required ones, those of events).
 */
export function readPermissionSet(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
  customPermissions: ReadonlyMap<string, unknown>,
): PermissionSetDef {
  const root = parseXml(file, xml, 'PermissionSet');
  refuseUnknown(file, root, known);
  return {
    name,
    label: requiredText(file, root, 'label'),
    objects: new Map(
      childrenOf(root, 'objectPermissions').map((one) => objectRights(file, one, objects)),
    ),
    fields: new Map(
      childrenOf(root, 'fieldPermissions').map((one) => fieldRights(file, one, objects)),
    ),
    userPermissions: new Set(
      childrenOf(root, 'userPermissions')
        .filter((one) => flagOf(file, one, 'enabled', false))
        .map((one) => requiredText(file, one, 'name')),
    ),
    customPermissions: new Set(
      childrenOf(root, 'customPermissions').flatMap((one) =>
        customPermissionOf(file, one, customPermissions),
      ),
    ),
    flows: new Set(childrenOf(root, 'flowAccesses').flatMap((one) => flowOf(file, one))),
    shows: {
      apps: new Set(childrenOf(root, 'applicationVisibilities').flatMap((one) => appOf(file, one))),
      tabs: new Set(childrenOf(root, 'tabSettings').flatMap((one) => tabOf(file, one))),
    },
  };
}

function customPermissionOf(
  file: string,
  element: XmlElement,
  permissions: ReadonlyMap<string, unknown>,
): readonly string[] {
  refuseUnknown(file, element, new Set(['enabled', 'name']));
  const name = requiredText(file, element, 'name');
  if (!permissions.has(name))
    throw new InvalidSource(file, `customPermissions: no custom permission ${name} in this org`);
  return flagOf(file, element, 'enabled', false) ? [name] : [];
}

function flowOf(file: string, element: XmlElement): readonly string[] {
  refuseUnknown(file, element, new Set(['enabled', 'flow']));
  return flagOf(file, element, 'enabled', false) ? [requiredText(file, element, 'flow')] : [];
}

function appOf(file: string, element: XmlElement): readonly string[] {
  refuseUnknown(file, element, new Set(['application', 'visible']));
  return flagOf(file, element, 'visible', false)
    ? [requiredText(file, element, 'application')]
    : [];
}

function tabOf(file: string, element: XmlElement): readonly string[] {
  refuseUnknown(file, element, new Set(['tab', 'visibility']));
  const visibility = requiredText(file, element, 'visibility');
  const tab = requiredText(file, element, 'tab');
  // `Available` puts a tab into the list of all tabs only, which pages here do not have.
  if (visibility === 'Visible') return [tab];
  if (visibility === 'Available' || visibility === 'None') return [];
  throw new InvalidSource(file, `tabSettings: ${tab}: <visibility> is "${visibility}"`);
}

type Rights<K extends 'objects' | 'fields'> =
  PermissionSetDef[K] extends ReadonlyMap<string, infer R> ? R : never;

function objectRights(
  file: string,
  element: XmlElement,
  objects: ReadonlyMap<string, ObjectDef>,
): [string, Rights<'objects'>] {
  refuseUnknown(file, element, objectElements);
  const object = requiredText(file, element, 'object');
  if (!objects.has(object))
    throw new InvalidSource(file, `objectPermissions: no object ${object} in this org`);
  if (object === 'Task') {
    const problem =
      'tasks have no object permissions; use <userPermissions> ActivitiesAccess, EditTask';
    throw new InvalidSource(file, `objectPermissions: ${problem}`);
  }
  const right = (name: string): boolean => flagOf(file, element, name, false);
  const rights = {
    create: right('allowCreate'),
    read: right('allowRead'),
    edit: right('allowEdit'),
    delete: right('allowDelete'),
    viewAll: right('viewAllRecords'),
    modifyAll: right('modifyAllRecords'),
    viewAllFields: right('viewAllFields'),
  };
  refuseIncomplete(file, object, rights);
  return [object, rights];
}

/** Rights build on each other; a deployment that grants one without its base is refused. */
function refuseIncomplete(file: string, object: string, rights: Rights<'objects'>): void {
  const needs = (granted: boolean, name: string, base: boolean, baseName: string): void => {
    if (granted && !base)
      throw new InvalidSource(file, `${object}: ${name} depends on ${baseName}`);
  };
  needs(rights.create, 'allowCreate', rights.read, 'allowRead');
  needs(rights.edit, 'allowEdit', rights.read, 'allowRead');
  needs(rights.delete, 'allowDelete', rights.edit, 'allowEdit');
  needs(rights.viewAll, 'viewAllRecords', rights.read, 'allowRead');
  needs(
    rights.modifyAll,
    'modifyAllRecords',
    rights.delete && rights.viewAll,
    'allowDelete and viewAllRecords',
  );
}

function fieldRights(
  file: string,
  element: XmlElement,
  objects: ReadonlyMap<string, ObjectDef>,
): [string, Rights<'fields'>] {
  refuseUnknown(file, element, new Set(['field', 'readable', 'editable']));
  const path = requiredText(file, element, 'field');
  const [objectName = '', fieldName = ''] = path.split('.');
  const object = objects.get(objectName);
  const field = object?.fields.get(fieldName);
  if (object === undefined || field === undefined) {
    throw new InvalidSource(file, `fieldPermissions: no field ${path} in this org`);
  }
  if (object.name === 'Task') throw new Unsupported(file, path, 'permissions on fields of tasks');
  if (object.kind === 'event')
    throw new InvalidSource(file, `${path}: fields of events have no permissions`);
  if (field.compound !== undefined)
    throw new InvalidSource(file, `${path}: give the permission on ${field.compound}`);
  if (field.required || componentsOf(object, field.name).some(({ required }) => required))
    throw new InvalidSource(file, `${path}: required fields have no permissions of their own`);
  const edit = flagOf(file, element, 'editable', false);
  const read = flagOf(file, element, 'readable', false);
  if (edit && !read) throw new InvalidSource(file, `${path}: editable depends on readable`);
  return [path, { read, edit }];
}
