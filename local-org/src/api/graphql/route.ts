import {
  GraphQLError,
  OperationTypeNode,
  executeSync,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';

import { isJsonObject } from '../rest/body.ts';
import type { ApiRequest, ApiResponse, RestParts } from '../rest/context.ts';
import { malformed } from '../rest/errors.ts';
import type { Route } from '../rest/router.ts';
import { answerOf, errorJson, refusal } from './answers.ts';
import { DataFetchingError } from './context.ts';
import { checkNesting } from './nesting.ts';
import { RULES } from './rules.ts';
import { makeSchema } from './schema.ts';
import { viewerOf } from './viewer.ts';

/** The schema for a user, made once for all users who may read the same. */
type SchemaFor = (parts: RestParts, userId: string) => GraphQLSchema;

function makeSchemaCache(): SchemaFor {
  const schemas = new Map<string, GraphQLSchema>();
  return (parts, userId) => {
    const viewer = viewerOf(parts, userId);
    const schema = schemas.get(viewer.fingerprint) ?? makeSchema(parts.metadata, viewer);
    schemas.set(viewer.fingerprint, schema);
    return schema;
  };
}

/** `POST /graphql`: queries of the UI API's records, as the asking user. */
export function graphqlRoutes(): readonly Route[] {
  const schemaFor = makeSchemaCache();
  return [
    {
      method: 'POST',
      pattern: '/graphql',
      handler: (parts, request) => answer(parts, request, schemaFor),
    },
  ];
}

interface GraphQLRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

function answer(parts: RestParts, request: ApiRequest, schemaFor: SchemaFor): ApiResponse {
  const { query, variables, operationName } = readRequest(request.body);
  let document: DocumentNode;
  try {
    checkNesting(query);
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return refusal('InvalidSyntax', [error]);
    throw error;
  }
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    const what = operationName === null ? 'Name one operation' : `No operation ${operationName}`;
    return refusal('OperationNotSupported', [
      new GraphQLError(`${what} with operationName; the request has several or none`),
    ]);
  }
  if (operation.operation !== OperationTypeNode.QUERY) {
    const message = `${operation.operation} is not implemented by the local org's GraphQL`;
    return refusal('OperationNotSupported', [new GraphQLError(message, { nodes: operation })]);
  }
  const { userId } = request.session;
  const schema = schemaFor(parts, userId);
  const problems = validate(schema, document, RULES);
  if (problems.length > 0) return refusal('ValidationError', problems);
  const result = executeSync({
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: { parts, userId, variables },
  });
  return resultAnswer(result);
}

/** What a resolver threw without meaning to is a bug of this org, not an answer. */
function resultAnswer({ data, errors = [] }: ExecutionResult): ApiResponse {
  for (const { originalError } of errors) {
    const isOwn = originalError instanceof DataFetchingError;
    if (originalError !== undefined && !isOwn && !(originalError instanceof GraphQLError))
      throw originalError;
  }
  // Without data nothing was run: a variable did not fit.
  if (data === undefined) return refusal('ValidationError', errors);
  return answerOf(
    data,
    errors.map((error) => errorJson('DataFetchingException', error)),
  );
}

function readRequest(body: unknown): GraphQLRequest {
  if (!isJsonObject(body) || typeof body['query'] !== 'string')
    throw malformed('The request needs a JSON object with "query", a string');
  const { query, variables = null, operationName = null } = body;
  if (variables !== null && !isJsonObject(variables))
    throw malformed('"variables" must be an object');
  if (operationName !== null && typeof operationName !== 'string')
    throw malformed('"operationName" must be a string');
  return { query, variables: variables ?? {}, operationName };
}
