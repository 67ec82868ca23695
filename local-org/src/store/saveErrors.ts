import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import type { FieldValue, SaveError } from './records.ts';

/*
 * The refusals of a save in the platform's words and status codes. The codes are listed in SOAP API
 * Developer Guide, "Core Data Types Used in API Calls" (.../api/sforce_api_calls_concepts_core_data_objects.htm),
 * which gives no wordings; those are as orgs answered in public logs, tests and threads.
 */

export function requiredMissing(names: readonly string[]): SaveError {
  return {
    statusCode: 'REQUIRED_FIELD_MISSING',
    message: `Required fields are missing: [${names.join(', ')}]`,
    fields: names,
  };
}

export function tooLong(field: FieldDef, value: string, length: number): SaveError {
  return {
    statusCode: 'STRING_TOO_LONG',
    message: `${field.label}: data value too large: ${value.slice(0, 255)} (max length=${length})`,
    fields: [field.name],
  };
}

export function outOfRange(field: FieldDef, value: number): SaveError {
  return {
    statusCode: 'NUMBER_OUTSIDE_VALID_RANGE',
    message: `${field.label}: value outside of valid range on numeric field: ${value}`,
    fields: [field.name],
  };
}

export function badPicklistValue(field: FieldDef, value: string): SaveError {
  return {
    statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    message: `${field.label}: bad value for restricted picklist field: ${value}`,
    fields: [field.name],
  };
}

export function wrongType(field: FieldDef, value: unknown): SaveError {
  return {
    statusCode: 'INVALID_TYPE_ON_FIELD_IN_RECORD',
    message: `${field.label}: value not of required type: ${String(value)}`,
    fields: [field.name],
  };
}

export function invalidEmail(field: FieldDef, value: string): SaveError {
  return {
    statusCode: 'INVALID_EMAIL_ADDRESS',
    message: `${field.label}: invalid email address: ${value}`,
    fields: [field.name],
  };
}

/** An id that cannot be one of the object's: wrong checksum, or the prefix of another object. */
export function wrongRecordId(object: ObjectDef, id: string): SaveError {
  return {
    statusCode: 'MALFORMED_ID',
    message: `${object.label} ID: id value of incorrect type: ${id}`,
    fields: ['Id'],
  };
}

export function malformedId(field: FieldDef, value: string): SaveError {
  return {
    statusCode: 'MALFORMED_ID',
    message: `${field.label}: id value of incorrect type: ${value}`,
    fields: [field.name],
  };
}

export function wrongReference(field: FieldDef, value: string): SaveError {
  return {
    statusCode: 'FIELD_INTEGRITY_EXCEPTION',
    message: `${field.label}: id value of incorrect type: ${value}`,
    fields: [field.name],
  };
}

export function danglingReference(field: FieldDef): SaveError {
  return {
    statusCode: 'INVALID_CROSS_REFERENCE_KEY',
    message: 'invalid cross reference id',
    fields: [field.name],
  };
}

export const noSuchRow: SaveError = {
  statusCode: 'INVALID_CROSS_REFERENCE_KEY',
  message: 'invalid cross reference id',
  fields: [],
};

export const rowIsDeleted: SaveError = {
  statusCode: 'ENTITY_IS_DELETED',
  message: 'entity is deleted',
  fields: [],
};

/**
 * The platform names the other record by its 15-character id and lists no fields. To a user who may
 * not see that record it says `<unknown>` for both; flows and this org see all.
 */
export function duplicate(field: FieldDef, otherId: string): SaveError {
  return {
    statusCode: 'DUPLICATE_VALUE',
    message: `duplicate value found: ${field.name} duplicates value on record with id: ${otherId.slice(0, 15)}`,
    fields: [],
  };
}

/** Each row whose key stands more than once in one upsert; salesforce.stackexchange.com/q/296121. */
export function keyGivenTwice(field: FieldDef, key: FieldValue): SaveError {
  return {
    statusCode: 'DUPLICATE_VALUE',
    message: `Duplicate external id specified: ${String(key)}`,
    fields: [field.name],
  };
}

/** The key of an upsert that several records carry. */
export function keyNotUnique(field: FieldDef, ids: readonly string[]): SaveError {
  const short = ids.map((id) => id.slice(0, 15)).join(', ');
  return {
    statusCode: 'DUPLICATE_EXTERNAL_ID',
    message: `${field.label}: more than one record found for external id field: [${short}]`,
    fields: [field.name],
  };
}

/** What the rows say that were right when another one was not and all were to be saved or none. */
export const rolledBack: SaveError = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message:
    'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

export function notWritable(names: readonly string[]): SaveError {
  return {
    statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    message:
      `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of ` +
      'this field and verify that it is read/write for your profile or permission set.',
    fields: names,
  };
}

export function unknownField(object: string, name: string): SaveError {
  return {
    statusCode: 'INVALID_FIELD',
    message: `No such column '${name}' on sobject of type ${object}`,
    fields: [],
  };
}

export function integrity(message: string, fields: readonly string[]): SaveError {
  return { statusCode: 'FIELD_INTEGRITY_EXCEPTION', message, fields };
}

export function deleteRestricted(
  name: string,
  otherLabel: string,
  others: readonly string[],
): SaveError {
  return {
    statusCode: 'DELETE_FAILED',
    message:
      `Your attempt to delete ${name} could not be completed because it is associated with the ` +
      `following ${otherLabel}.: ${others.join(', ')}`,
    fields: [],
  };
}
