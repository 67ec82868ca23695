import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidSource, Unsupported } from './schema.ts';
import { customObject, load, permissionSet } from './testSource.ts';

const withActivities = '<enableActivities>true</enableActivities>';

test('tasks may be related to the custom objects that have activities, and to no other', () => {
  const { objects } = load({
    'objects/Busy__c/Busy__c.object-meta.xml': customObject('Busy', withActivities),
    'objects/Quiet__c/Quiet__c.object-meta.xml': customObject('Quiet'),
  });
  assert.deepEqual(objects.get('Task')?.fields.get('WhatId')?.referenceTo, [
    'Account',
    'Asset',
    'Case',
    'Busy__c',
  ]);
  assert.deepEqual(objects.get('Task')?.fields.get('WhoId')?.referenceTo, ['Contact']);
});

test('permissions on tasks are user permissions, never those of an object or a field', () => {
  const object =
    '<objectPermissions><object>Task</object><allowRead>true</allowRead></objectPermissions>';
  const field =
    '<fieldPermissions><field>Task.Subject</field><readable>true</readable></fieldPermissions>';
  assert.throws(
    () => load({ 'permissionsets/P.permissionset-meta.xml': permissionSet(object) }),
    (error) => error instanceof InvalidSource && /EditTask/.test(error.message),
  );
  assert.throws(
    () => load({ 'permissionsets/P.permissionset-meta.xml': permissionSet(field) }),
    (error) => error instanceof Unsupported && error.element === 'Task.Subject',
  );
});

test('fields of tasks are refused by name', () => {
  const xml =
    '<?xml version="1.0"?><CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>A__c</fullName><label>A</label><type>Date</type></CustomField>';
  assert.throws(
    () => load({ 'objects/Task/fields/A__c.field-meta.xml': xml }),
    (error) => error instanceof Unsupported && /field of Activity/.test(error.message),
  );
});
