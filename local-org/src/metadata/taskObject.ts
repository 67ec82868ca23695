import type { FieldDef, ObjectDef } from './schema.ts';
import { define, picklist, text } from './standardObject.ts';
import { makeField, makeLookup, ownerField } from './systemFields.ts';

/** The standard objects of this org that tasks may be related to. */
const STANDARD_TARGETS = ['Account', 'Asset', 'Case'];

const system = { system: true };

/**
 * The standard object Task. `WhatId` points to one of the standard objects or to a custom object
 * with `enableActivities`, `WhoId` to a contact (there are no leads).
 * Source: Object Reference for the Salesforce Platform, "Task" (API version 66.0); the values of
 * Status and Priority are those of a new org. Not here: calls, reminders, recurrence, subtypes.
 * @param custom names of the custom objects with activities
 */
export function taskObject(custom: readonly string[]): ObjectDef {
  const related = { childRelationshipName: 'Tasks' };
  const fields: readonly FieldDef[] = [
    makeLookup('WhoId', 'Name ID', ['Contact'], related),
    makeLookup('WhatId', 'Related To ID', [...STANDARD_TARGETS, ...custom], {
      ...related,
      deleteConstraint: 'Cascade',
    }),
    text('Subject', 'Subject', 255),
    makeField('ActivityDate', 'Due Date Only', 'Date'),
    {
      ...picklist(
        'Status',
        'Status',
        ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'],
        'Not Started',
      ),
      required: true,
    },
    { ...picklist('Priority', 'Priority', ['High', 'Normal', 'Low'], 'Normal'), required: true },
    makeField('IsHighPriority', 'High Priority', 'Checkbox', { ...system, defaultValue: false }),
    ownerField,
    makeField('Description', 'Description', 'LongTextArea', { length: 32000 }),
    makeLookup('AccountId', 'Account ID', ['Account'], system),
    makeField('IsClosed', 'Closed', 'Checkbox', { ...system, defaultValue: false }),
    makeField('CompletedDateTime', 'Completed Date', 'DateTime', system),
  ];
  return define('Task', 'Task', '00T', fields);
}
