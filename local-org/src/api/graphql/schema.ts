import {
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { GraphQLFieldConfigMap } from 'graphql';

import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { TypedRow } from '../rest/visible.ts';
import { runConnection } from './connection.ts';
import type { ConnectionArgs } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { makeFilterTypes } from './filterTypes.ts';
import { makeNodeTypes } from './nodeTypes.ts';
import { makeOrderTypes } from './order.ts';
import type { Viewer } from './viewer.ts';

/**
 * The schema of one viewer: `uiapi { query { Asset(first, after, where, orderBy) { … } } }` with the
 * objects and fields that they may read; all others are unknown to it.
 * Source: GraphQL API guide, "Query Objects" and "GraphQL API Schema".
 */
export function makeSchema(metadata: OrgMetadata, viewer: Viewer): GraphQLSchema {
  const filters = makeFilterTypes(metadata, viewer);
  const orders = makeOrderTypes(metadata, viewer);
  const argsOf = (object: ObjectDef) => ({
    first: { type: GraphQLInt },
    after: { type: GraphQLString },
    where: { type: filters(object) },
    orderBy: { type: orders(object) },
  });
  const types = makeNodeTypes(metadata, viewer, (object, { connection }) => {
    const fields: GraphQLFieldConfigMap<TypedRow, GraphQLContext> = {};
    for (const { name, child, lookup } of childrenOf(viewer, object)) {
      fields[name] = {
        type: connection(child),
        args: argsOf(child),
        resolve: ({ row }, args: ConnectionArgs, context, info) =>
          runConnection(context, child, args, info, {
            kind: 'compare',
            field: lookup.name,
            op: '=',
            value: row['Id'] ?? null,
          }),
      };
    }
    return fields;
  });
  const recordQuery = new GraphQLObjectType<unknown, GraphQLContext>({
    name: 'RecordQuery',
    fields: () =>
      Object.fromEntries(
        viewer.objects.map(({ object }) => [
          object.name,
          {
            type: types.connection(object),
            args: argsOf(object),
            resolve: (_, args: ConnectionArgs, context, info) =>
              runConnection(context, object, args, info),
          },
        ]),
      ),
  });
  const uiapi = new GraphQLObjectType({
    name: 'UIAPI',
    fields: { query: { type: new GraphQLNonNull(recordQuery), resolve: () => ({}) } },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { uiapi: { type: new GraphQLNonNull(uiapi), resolve: () => ({}) } },
    }),
    types: viewer.objects.map(({ object }) => types.node(object)),
  });
}

interface ChildRelationship {
  readonly name: string;
  readonly child: ObjectDef;
  readonly lookup: FieldDef;
}

/** The lookups to the object that have a name from its side, `Asset_Signals__r`. */
function childrenOf(viewer: Viewer, object: ObjectDef): ChildRelationship[] {
  return viewer.objects.flatMap(({ object: child, fields }) =>
    fields.flatMap((lookup) =>
      lookup.childRelationshipName !== undefined && lookup.referenceTo?.includes(object.name)
        ? [{ name: lookup.childRelationshipName, child, lookup }]
        : [],
    ),
  );
}
