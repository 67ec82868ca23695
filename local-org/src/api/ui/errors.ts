import { findField } from '../../metadata/find.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import type { SaveError } from '../../store/records.ts';
import type { ApiResponse } from '../rest/context.ts';
import { RestError, saveErrorStatus } from '../rest/errors.ts';

export function noSuchRecord(): RestError {
  return new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

export function noAccess(): RestError {
  return new RestError(
    403,
    'INSUFFICIENT_ACCESS',
    "You don't have access to this record. Ask your administrator for help or to request access.",
  );
}

export function notSupported(name: string): RestError {
  return new RestError(400, 'INVALID_TYPE', `Object ${name} is not supported in UI API`);
}

export function badParameter(message: string): RestError {
  return new RestError(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', message);
}

/**
 * A refused save: what concerns a field stands with the field, the rest is the record's.
 * Source: User Interface API Developer Guide, "Error with Output", "Record Exceptions" and
 * "Record Exception Error"; the sentence as in public recordings, for creating and deleting too.
 */
export function recordError(object: ObjectDef, errors: readonly SaveError[]): ApiResponse {
  const status = saveErrorStatus(errors);
  const fieldErrors: Record<string, unknown[]> = {};
  for (const error of errors) {
    for (const field of error.fields)
      (fieldErrors[field] ??= []).push(exceptionOf(object, error, field));
  }
  return {
    status,
    body: {
      statusCode: status,
      enhancedErrorType: 'RecordError',
      message: 'An error occurred while trying to update the record. Please try again.',
      output: {
        errors: errors
          .filter(({ fields }) => fields.length === 0)
          .map((error) => exceptionOf(object, error, null)),
        fieldErrors,
      },
    },
  };
}

function exceptionOf(object: ObjectDef, error: SaveError, field: string | null): unknown {
  return {
    constituentField: null,
    duplicateRecordError: null,
    errorCode: error.statusCode,
    field,
    fieldLabel: field === null ? null : (findField(object, field)?.label ?? null),
    message: error.message,
  };
}
