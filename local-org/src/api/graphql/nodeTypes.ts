import {
  GraphQLBoolean,
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import type { GraphQLFieldConfig, GraphQLFieldConfigMap } from 'graphql';

import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import { visibleRow } from '../rest/visible.ts';
import type { TypedRow } from '../rest/visible.ts';
import { MASTER_RECORD_TYPE, nameOf, weakEtagOf } from '../ui/display.ts';
import type { GraphQLContext } from './context.ts';
import { FIELD_KINDS, readValue } from './fieldKinds.ts';
import { LONG } from './scalars.ts';
import { isPolymorphic, targetsOf } from './viewer.ts';
import type { Viewer } from './viewer.ts';

type NodeField = GraphQLFieldConfig<TypedRow, GraphQLContext>;
type NodeFields = GraphQLFieldConfigMap<TypedRow, GraphQLContext>;

/** What every record has, whatever its type. */
function commonFields(): NodeFields {
  return {
    Id: { type: new GraphQLNonNull(GraphQLID), resolve: ({ row }) => row['Id'] },
    ApiName: { type: new GraphQLNonNull(GraphQLString), resolve: ({ object }) => object.name },
    WeakEtag: { type: new GraphQLNonNull(LONG), resolve: ({ row }) => weakEtagOf(row) },
    DisplayValue: { type: GraphQLString, resolve: ({ object, row }) => nameOf(object, row) },
    RecordTypeId: {
      type: FIELD_KINDS.Lookup.value,
      args: { fallback: { type: GraphQLBoolean } },
      resolve: (_, args: { readonly fallback?: boolean | null }) => ({
        value: args.fallback === true ? MASTER_RECORD_TYPE : null,
        displayValue: null,
      }),
    },
    CreatedById: { type: FIELD_KINDS.Lookup.value },
    CreatedDate: { type: FIELD_KINDS.DateTime.value },
    LastModifiedById: { type: FIELD_KINDS.Lookup.value },
    LastModifiedDate: { type: FIELD_KINDS.DateTime.value },
    SystemModstamp: { type: FIELD_KINDS.DateTime.value },
  };
}

/** The type of each object's records and of pages of them; asked again they are the same. */
export interface NodeTypes {
  readonly node: (object: ObjectDef) => GraphQLObjectType;
  readonly connection: (object: ObjectDef) => GraphQLObjectType;
  /** `Record`, which all records are. */
  readonly record: GraphQLInterfaceType;
}

/**
 * `Asset`: each field with value and displayValue, each parent, `Owner` of several types as the
 * union `Case_Owner`. `children` adds the child relationships.
 * Source: GraphQL API guide, "Query Record Objects", and the shapes of public recordings.
 */
export function makeNodeTypes(
  metadata: OrgMetadata,
  viewer: Viewer,
  children: (object: ObjectDef, types: NodeTypes) => NodeFields,
): NodeTypes {
  const nodes = new Map<ObjectDef, GraphQLObjectType>();
  const connections = new Map<ObjectDef, GraphQLObjectType>();
  const record = new GraphQLInterfaceType({
    name: 'Record',
    fields: commonFields,
    resolveType: ({ object }: TypedRow) => object.name,
  });
  const types: NodeTypes = {
    record,
    node: (object) => once(nodes, object, nodeType),
    connection: (object) => once(connections, object, connectionType),
  };

  function nodeType(object: ObjectDef): GraphQLObjectType {
    return new GraphQLObjectType<TypedRow, GraphQLContext>({
      name: object.name,
      interfaces: [record],
      fields: () => {
        const fields = commonFields();
        for (const field of viewer.objects.find((one) => one.object === object)?.fields ?? []) {
          if (field.type !== 'Id') fields[field.name] = valueField(field);
          const parent = parentField(object, field);
          if (field.relationshipName !== undefined && parent !== undefined)
            fields[field.relationshipName] = parent;
        }
        return { ...fields, ...children(object, types) };
      },
    });
  }

  function parentField(object: ObjectDef, lookup: FieldDef): NodeField | undefined {
    const targets = targetsOf(viewer, metadata, lookup);
    const [only] = targets;
    if (only === undefined) return undefined;
    const type = isPolymorphic(lookup)
      ? new GraphQLUnionType({
          name: `${object.name}_${lookup.relationshipName ?? lookup.name}`,
          types: () => targets.map((target) => types.node(target)),
          resolveType: (parent: TypedRow) => parent.object.name,
        })
      : types.node(only);
    return {
      type,
      resolve({ row }, _, { parts, userId }) {
        const parent = visibleRow(parts, userId, row[lookup.name]);
        return parent !== undefined && targets.includes(parent.object) ? parent : null;
      },
    };
  }

  function connectionType(object: ObjectDef): GraphQLObjectType {
    const edge = new GraphQLObjectType({
      name: `${object.name}Edge`,
      fields: () => ({
        node: { type: types.node(object) },
        cursor: { type: new GraphQLNonNull(GraphQLString) },
      }),
    });
    return new GraphQLObjectType({
      name: `${object.name}Connection`,
      fields: {
        edges: { type: new GraphQLList(edge) },
        pageInfo: { type: new GraphQLNonNull(pageInfo) },
        totalCount: { type: new GraphQLNonNull(GraphQLInt) },
        pageResultCount: { type: new GraphQLNonNull(GraphQLInt) },
      },
    });
  }

  return types;
}

const pageInfo = new GraphQLObjectType({
  name: 'PageInfo',
  fields: {
    hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    hasPreviousPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    startCursor: { type: GraphQLString },
    endCursor: { type: GraphQLString },
  },
});

function valueField(field: FieldDef): NodeField {
  return {
    type: FIELD_KINDS[field.type].value,
    resolve: ({ row }) => readValue(field, row[field.name] ?? null),
  };
}

function once<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}
