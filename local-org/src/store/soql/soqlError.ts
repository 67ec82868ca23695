/** A query that is refused, with the platform's error code (`MALFORMED_QUERY`, `INVALID_FIELD`, …). */
export class SoqlError extends Error {
  readonly errorCode: string;
  constructor(errorCode: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SoqlError';
    this.errorCode = errorCode;
  }
}

/** For what the platform can do and this org cannot; never skipped. */
export function notImplemented(feature: string): SoqlError {
  return new SoqlError('MALFORMED_QUERY', `${feature} is not implemented by the local org's SOQL`);
}
