import type { SaveError } from '../../store/records.ts';

/** One error as the REST API writes it. */
export interface ApiError {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
}

/** A refusal that ends the request (or the subrequest) with this status and these errors. */
export class RestError extends Error {
  readonly status: number;
  readonly errors: readonly ApiError[];
  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.errors = [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }];
  }
}

export function notFound(): RestError {
  return new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

/** A text in a URL that is neither an id nor an external id field of the object. */
export function noSuchKey(text: string): RestError {
  return new RestError(
    404,
    'NOT_FOUND',
    `Provided external ID field does not exist or is not accessible: ${text}`,
  );
}

export function malformed(message: string): RestError {
  return new RestError(400, 'JSON_PARSER_ERROR', message);
}

/** The envelope of a refused save of one record. */
export function saveErrorBody(errors: readonly SaveError[]): ApiError[] {
  return errors.map(({ message, statusCode, fields }) => ({
    message,
    errorCode: statusCode,
    fields,
  }));
}

/**
 * The HTTP status of a refused save of one record. The guide gives only the classes (REST API
 * Developer Guide, "Status Codes and Error Responses"); which code gets which is as orgs answered
 * in public logs. A missing row lists no fields, a lookup to a missing row names its field.
 */
export function saveErrorStatus(errors: readonly SaveError[]): number {
  const { statusCode = '', fields = [] } = errors[0] ?? {};
  if (statusCode === 'ENTITY_IS_DELETED') return 404;
  if (statusCode === 'INVALID_CROSS_REFERENCE_KEY' && fields.length === 0) return 404;
  return statusCode === 'INSUFFICIENT_ACCESS_OR_READONLY' ? 403 : 400;
}
