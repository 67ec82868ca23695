import type { RestParts } from '../rest/context.ts';

/** What resolvers work with in one request. */
export interface GraphQLContext {
  readonly parts: RestParts;
  readonly userId: string;
  /** As sent; their keys are still in the order of the sender. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Data that cannot be had, in words for the person who wrote the query. */
export class DataFetchingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataFetchingError';
  }
}
