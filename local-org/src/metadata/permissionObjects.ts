import type { ObjectDef } from './schema.ts';
import { define, flag, text } from './standardObject.ts';
import { makeField, makeLookup } from './systemFields.ts';

/**
 * Permission sets, their groups and who has them, kept by the org from the metadata and the setup
 * file. Source: Object Reference, "PermissionSet", "PermissionSetGroup", "PermissionSetGroupComponent"
 * and "PermissionSetAssignment".
 */
export const permissionObjects: readonly ObjectDef[] = [
  define('PermissionSet', 'Permission Set', '0PS', [
    text('Name', 'Permission Set Name', 80, { required: true }),
    text('Label', 'Permission Set Label', 80, { required: true }),
    text('Description', 'Description', 255),
    text('Type', 'Type', 40),
    text('NamespacePrefix', 'Namespace Prefix', 15),
    flag('IsCustom', 'Is Custom', true),
    flag('IsOwnedByProfile', 'Is Owned By Profile', false),
    flag('HasActivationRequired', 'Session Activation Required', false),
    makeLookup('PermissionSetGroupId', 'Permission Set Group ID', ['PermissionSetGroup'], {
      deleteConstraint: 'Cascade',
    }),
  ]),
  define('PermissionSetGroup', 'Permission Set Group', '0PG', [
    text('DeveloperName', 'Name', 80, { required: true }),
    text('MasterLabel', 'Label', 80, { required: true }),
    text('Language', 'Master Language', 40),
    makeField('Description', 'Description', 'TextArea', { length: 255 }),
    text('Status', 'Status', 40),
    flag('HasActivationRequired', 'Session Activation Required', false),
    text('NamespacePrefix', 'Namespace Prefix', 15),
  ]),
  define('PermissionSetGroupComponent', 'Permission Set Group Component', '0PH', [
    makeLookup('PermissionSetGroupId', 'Permission Set Group ID', ['PermissionSetGroup'], {
      required: true,
      deleteConstraint: 'Cascade',
    }),
    makeLookup('PermissionSetId', 'Permission Set ID', ['PermissionSet'], {
      required: true,
      deleteConstraint: 'Cascade',
    }),
  ]),
  define('PermissionSetAssignment', 'Permission Set Assignment', '0Pa', [
    makeLookup('AssigneeId', 'Assignee ID', ['User'], {
      required: true,
      deleteConstraint: 'Cascade',
      childRelationshipName: 'PermissionSetAssignments',
    }),
    makeLookup('PermissionSetId', 'Permission Set ID', ['PermissionSet'], {
      deleteConstraint: 'Cascade',
      childRelationshipName: 'Assignments',
    }),
    makeLookup('PermissionSetGroupId', 'Permission Set Group ID', ['PermissionSetGroup'], {
      deleteConstraint: 'Cascade',
      childRelationshipName: 'Assignments',
    }),
  ]),
];
