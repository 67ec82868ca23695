import type { QueryResult } from '../data/queryCache.ts';
import { queries } from '../data/shared.ts';
import { makeAdapter } from '../data/wire.ts';

/*
 * lightning/uiGraphQLApi for pages of the local org. Source: Lightning Web Components Developer Guide,
 * "GraphQL API wire adapter for LWC".
 */

/** A query as `gql` gives it: opaque to components. */
class GqlQuery {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): string {
    return this.text;
  }
}

/** Marks a query. Like the platform's, it takes no `${…}`: what changes goes into variables. */
export function gql(parts: TemplateStringsArray, ...values: readonly unknown[]): unknown {
  if (values.length > 0)
    throw new TypeError('gql takes no ${…}; give what changes as variables of the wire');
  return new GqlQuery(parts[0] ?? '');
}

const nothingYet: QueryResult = { data: undefined, errors: undefined };

/** Wire: the answer to a query; waits while the query or a variable is undefined. */
export const graphql = makeAdapter<QueryResult>(nothingYet, (config, emit) => {
  const { query, variables, operationName } = config;
  if (!(query instanceof GqlQuery) || hasUndefined(variables)) return undefined;
  if ('variables' in config && variables === undefined) return undefined;
  const name = typeof operationName === 'string' ? operationName : undefined;
  return queries.watch(
    { query: query.text, variables: variables ?? {}, operationName: name },
    emit,
  );
});

function hasUndefined(variables: unknown): boolean {
  if (typeof variables !== 'object' || variables === null) return false;
  return Object.values(variables).includes(undefined);
}

/** Asks again for what the wire gave; its argument is the wired property as a whole. */
export async function refreshGraphQL(result: unknown): Promise<void> {
  await queries.refresh(result);
}
