import { GraphQLEnumType, GraphQLInputObjectType, valueFromASTUntyped } from 'graphql';
import type { GraphQLInputFieldConfigMap, GraphQLResolveInfo } from 'graphql';

import { findField, findObject, findParent } from '../../metadata/find.ts';
import type { ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { Query } from '../../store/records.ts';
import { isJsonObject } from '../rest/body.ts';
import type { GraphQLContext } from './context.ts';
import { isPolymorphic, targetsOf } from './viewer.ts';
import type { Viewer } from './viewer.ts';

type Order = NonNullable<Query['orderBy']>[number];

const orderByClause = new GraphQLInputObjectType({
  name: 'OrderByClause',
  fields: {
    order: { type: new GraphQLEnumType({ name: 'ResultOrder', values: { ASC: {}, DESC: {} } }) },
    nulls: { type: new GraphQLEnumType({ name: 'NullOrder', values: { FIRST: {}, LAST: {} } }) },
  },
});

/** The input type of `orderBy` for each object; asked again it gives the same type. */
export type OrderTypes = (object: ObjectDef) => GraphQLInputObjectType;

/**
 * `Asset_OrderBy`: the order by each field and by the fields of each parent. Not there: long texts,
 * which cannot be sorted, formula fields, and parents of several types.
 * Source: GraphQL API guide, "Order By Schema" (order-schema.html).
 */
export function makeOrderTypes(metadata: OrgMetadata, viewer: Viewer): OrderTypes {
  const types = new Map<ObjectDef, GraphQLInputObjectType>();
  const orderOf: OrderTypes = (object) => {
    const known = types.get(object);
    if (known !== undefined) return known;
    const type = new GraphQLInputObjectType({
      name: `${object.name}_OrderBy`,
      fields: () => {
        const fields: GraphQLInputFieldConfigMap = {};
        for (const field of viewer.objects.find((one) => one.object === object)?.fields ?? []) {
          if (field.type !== 'LongTextArea' && field.formula === undefined)
            fields[field.name] = { type: orderByClause };
          const [parent] = targetsOf(viewer, metadata, field);
          if (field.relationshipName === undefined || parent === undefined) continue;
          if (!isPolymorphic(field)) fields[field.relationshipName] = { type: orderOf(parent) };
        }
        return fields;
      },
    });
    types.set(object, type);
    return type;
  };
  return orderOf;
}

/**
 * The order that a query asks for, first things first as it was written: the library gives input
 * objects in the order of the schema, so the words of the query are read again.
 * Ascending and empty values first when not said otherwise.
 */
export function askedOrder(
  metadata: OrgMetadata,
  object: ObjectDef,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Order[] {
  const argument = info.fieldNodes[0]?.arguments?.find(({ name }) => name.value === 'orderBy');
  if (argument === undefined) return [];
  const variables = { ...info.variableValues, ...context.variables };
  return ordersOf(metadata, object, valueFromASTUntyped(argument.value, variables), '');
}

function ordersOf(
  metadata: OrgMetadata,
  object: ObjectDef,
  asked: unknown,
  prefix: string,
): Order[] {
  if (!isJsonObject(asked)) return [];
  return Object.entries(asked).flatMap(([name, clause]): Order[] => {
    const field = findField(object, name);
    if (field === undefined) {
      const parent = findObject(metadata, findParent(object, name)?.referenceTo?.[0] ?? '');
      return parent === undefined ? [] : ordersOf(metadata, parent, clause, `${prefix}${name}.`);
    }
    if (!isJsonObject(clause)) return [];
    return [
      {
        field: `${prefix}${field.name}`,
        descending: clause['order'] === 'DESC',
        nullsLast: clause['nulls'] === 'LAST',
      },
    ];
  });
}
