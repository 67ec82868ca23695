import type { GraphQLError } from 'graphql';

import type { ApiResponse } from '../rest/context.ts';

/** Source: GraphQL API guide, "Status Codes and Error Responses" (query-status.html). */
export type ErrorType =
  'InvalidSyntax' | 'ValidationError' | 'DataFetchingException' | 'OperationNotSupported';

/** An error as Salesforce's GraphQL writes it. */
interface ErrorJson {
  readonly message: string;
  readonly locations: readonly { readonly line: number; readonly column: number }[];
  readonly paths: readonly (string | number)[];
  readonly extensions: { readonly ErrorType: ErrorType };
}

/**
 * Errors of a query stand in an answer with status 200, with what data there is ("GraphQL API can
 * also return a 200 OK in cases where the request contains an error"); without errors the list is empty.
 */
export function answerOf(data: unknown, errors: readonly ErrorJson[]): ApiResponse {
  return { status: 200, body: { data, errors } };
}

/** The answer to a query that was not run. */
export function refusal(type: ErrorType, errors: readonly GraphQLError[]): ApiResponse {
  return answerOf(
    {},
    errors.map((error) => errorJson(type, error)),
  );
}

export function errorJson(ErrorType: ErrorType, error: GraphQLError): ErrorJson {
  const at = (error.path ?? []).join('/');
  const fetching = ErrorType === 'DataFetchingException';
  return {
    message: fetching ? `Exception while fetching data (/${at}) : ${error.message}` : error.message,
    locations: (error.locations ?? []).map(({ line, column }) => ({ line, column })),
    paths: error.path ?? [],
    extensions: { ErrorType },
  };
}
