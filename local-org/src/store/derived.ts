import type { ObjectDef } from '../metadata/schema.ts';
import type { FieldValue, RecordData, SaveError } from './records.ts';
import { integrity } from './saveErrors.ts';

/** What the rules of standard objects need to know about other rows. */
export interface Surroundings {
  /** Whether a Case status counts as closed (`CaseStatus`). */
  isClosedStatus(status: FieldValue): boolean;
  /** Whether the queue with this id may own records of the object (`QueueSobject`). */
  queueMayOwn(queueId: string, object: string): boolean;
  /** The account of a contact. */
  accountOf(contactId: string): FieldValue;
  /** The time of the save, ISO 8601. */
  readonly now: string;
}

/**
 * The fields that the platform computes on save, from the whole row as it will be: a Case's
 * closing, a task's, the full name of a person, the name of a custom record that was given none.
 */
export function deriveFields(object: ObjectDef, row: RecordData, around: Surroundings): RecordData {
  if (object.name === 'Case') {
    const closed = around.isClosedStatus(row['Status'] ?? null);
    return { IsClosed: closed, ClosedDate: closed ? (row['ClosedDate'] ?? around.now) : null };
  }
  if (object.name === 'Task') return deriveTask(row, around);
  if (object.name === 'Contact' || object.name === 'User') {
    const names = [row['FirstName'], row['LastName']].filter((name) => typeof name === 'string');
    return { Name: names.join(' ') };
  }
  if (object.kind === 'custom' && (row['Name'] ?? null) === null)
    return { Name: row['Id'] ?? null };
  return {};
}

/**
 * "If the value of WhatId is … Account …, then Salesforce uses that object's AccountId. If the value of
 * the WhatId field is any other object, and the value of the WhoId field is a Contact object, then
 * Salesforce uses that contact's AccountId" (Object Reference, "Task").
 */
function deriveTask(row: RecordData, around: Surroundings): RecordData {
  const isClosed = row['Status'] === 'Completed';
  const { WhatId: what, WhoId: who } = row;
  const isAccount = typeof what === 'string' && what.startsWith('001');
  return {
    IsClosed: isClosed,
    CompletedDateTime: isClosed ? (row['CompletedDateTime'] ?? around.now) : null,
    IsHighPriority: row['Priority'] === 'High',
    AccountId: isAccount ? what : typeof who === 'string' ? around.accountOf(who) : null,
  };
}

/**
 * The rules that the platform enforces across fields of a standard object, or undefined when kept;
 * codes and words as in public logs of orgs.
 */
export function crossFieldError(
  object: ObjectDef,
  row: RecordData,
  around: Surroundings,
): SaveError | undefined {
  const isEmpty = (name: string): boolean => (row[name] ?? null) === null;
  if (object.name === 'Asset' && isEmpty('AccountId') && isEmpty('ContactId')) {
    return integrity('Every asset needs an account, a contact, or both.', [
      'AccountId',
      'ContactId',
    ]);
  }
  const owner = row['OwnerId'];
  if (
    typeof owner === 'string' &&
    owner.startsWith('00G') &&
    !around.queueMayOwn(owner, object.name)
  ) {
    return {
      statusCode: 'INVALID_OPERATION',
      message: 'Queue not associated with this SObject type',
      fields: ['OwnerId'],
    };
  }
  return undefined;
}
