import type { GraphQLResolveInfo } from 'graphql';

import type { ObjectDef } from '../../metadata/schema.ts';
import type { Condition } from '../../store/records.ts';
import type { TypedRow } from '../rest/visible.ts';
import { DataFetchingError } from './context.ts';
import type { GraphQLContext } from './context.ts';
import { askedOrder } from './order.ts';
import { toCondition } from './where.ts';

/**
 * "By default, the first 10 records are returned", "up to 2000 records" (GraphQL API guide,
 * "GraphQL API Query Limitations"); "LIMIT and OFFSET clauses can work for up to 2000 results only"
 * ("Paginate Results").
 */
const FIRST = { usual: 10, most: 2000 };
const MOST_SKIPPED = 2000;

/** The arguments of a connection. */
export interface ConnectionArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly where?: unknown;
}

/** A page of records as the schema's connection types resolve it. */
export interface Connection {
  readonly edges: readonly { readonly node: TypedRow; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** All records that fit, on this page or not. */
  readonly totalCount: number;
  readonly pageResultCount: number;
}

/**
 * Runs one connection as the asking user: sharing limits its rows, and parents that the user may
 * not read count as empty in filters and orders.
 * @param children for child records: the condition that ties them to their parent
 */
export function runConnection(
  context: GraphQLContext,
  object: ObjectDef,
  args: ConnectionArgs,
  info: GraphQLResolveInfo,
  children?: Condition,
): Connection {
  const { store, metadata, access, clock } = context.parts;
  const first = args.first ?? FIRST.usual;
  if (first < 1 || first > FIRST.most)
    throw new DataFetchingError(`first is ${first}; allowed are 1 to ${FIRST.most}`);
  const offset = skippedBy(args.after);
  const conditions = [
    children,
    access.rowFilter(context.userId, object),
    args.where === undefined || args.where === null
      ? undefined
      : toCondition({ metadata, now: clock.now() }, object, args.where),
  ].filter((one) => one !== undefined);
  const query = {
    object: object.name,
    where: { kind: 'and', parts: conditions },
    parentFilter: (parent: ObjectDef) => access.rowFilter(context.userId, parent),
  } as const;
  const orderBy = askedOrder(metadata, object, context, info);
  const rows = store.select({ ...query, orderBy, limit: first, offset });
  const totalCount = store.count(query);
  const edges = rows.map((row, index) => ({
    node: { object, row },
    cursor: cursorOf(offset + index),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: offset + rows.length < totalCount,
      hasPreviousPage: offset > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
    pageResultCount: rows.length,
  };
}

/** As seen in public recordings: `djE6MA==` is `v1:0`, the place of the record from 0. */
function cursorOf(place: number): string {
  return Buffer.from(`v1:${place}`).toString('base64');
}

/** How many records lie before the page. */
function skippedBy(after: string | null | undefined): number {
  if (after === undefined || after === null) return 0;
  const place = /^v1:(\d{1,6})$/.exec(Buffer.from(after, 'base64').toString())?.[1];
  if (place === undefined)
    throw new DataFetchingError(
      `after: "${after}" is no cursor; take one from pageInfo or an edge`,
    );
  const skipped = Number(place) + 1;
  if (skipped <= MOST_SKIPPED) return skipped;
  throw new DataFetchingError(
    `after: only the first ${MOST_SKIPPED} records can be paged over; filter more narrowly`,
  );
}
