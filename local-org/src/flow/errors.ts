/** A flow that cannot be loaded because it contradicts itself or the objects it names. */
export class FlowLoadError extends Error {
  readonly file: string;
  readonly element: string;
  constructor(file: string, element: string, message: string) {
    super(`${file}: ${element}: ${message}`);
    this.name = 'FlowLoadError';
    this.file = file;
    this.element = element;
  }
}

/** A value or a user that the database refuses a query for; the element takes its fault path. */
export class QueryFault extends Error {}

/**
 * A governor limit was passed. It goes past every fault path and undoes the whole transaction,
 * which is not tried again at once (help platform.flow_concepts_bulkification and
 * platform.flow_considerations_limit_transaction).
 */
export class LimitException extends Error {
  readonly limit: string;
  constructor(limit: string, message: string) {
    super(message);
    this.name = 'LimitException';
    this.limit = limit;
  }
}
