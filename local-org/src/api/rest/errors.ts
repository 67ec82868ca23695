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

/** The HTTP status of a refused save of one record. */
export function saveErrorStatus(errors: readonly SaveError[]): number {
  const code = errors[0]?.statusCode ?? '';
  if (code === 'ENTITY_IS_DELETED' || code === 'NOT_FOUND') return 404;
  if (code.startsWith('INSUFFICIENT_ACCESS')) return 403;
  return 400;
}
