import { GraphQLInputObjectType, GraphQLList } from 'graphql';
import type { GraphQLInputFieldConfigMap } from 'graphql';

import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import { OPERATORS } from './operators.ts';
import { isPolymorphic, targetsOf } from './viewer.ts';
import type { Viewer } from './viewer.ts';

/** The input type of `where` for each object; asked again it gives the same type. */
export type FilterTypes = (object: ObjectDef) => GraphQLInputObjectType;

/**
 * `Asset_Filter`: the operators of each field, the filters of each parent, `and`, `or`, `not`. The
 * filter of a parent of several types has one filter for each, `Case_Owner_Filters`.
 * Source: GraphQL API guide, "Field Operators", "Boolean Operators" (filter-boolean.html) and
 * "Polymorphic Relationship Filters" (filter-polymorphic.html).
 */
export function makeFilterTypes(metadata: OrgMetadata, viewer: Viewer): FilterTypes {
  const types = new Map<ObjectDef, GraphQLInputObjectType>();

  const filterOf: FilterTypes = (object) => {
    const known = types.get(object);
    if (known !== undefined) return known;
    const type: GraphQLInputObjectType = new GraphQLInputObjectType({
      name: `${object.name}_Filter`,
      fields: () => ({
        and: { type: new GraphQLList(type) },
        or: { type: new GraphQLList(type) },
        not: { type },
        ...fieldsOf(object),
      }),
    });
    types.set(object, type);
    return type;
  };

  function fieldsOf(object: ObjectDef): GraphQLInputFieldConfigMap {
    const own = viewer.objects.find((one) => one.object === object)?.fields ?? [];
    const fields: GraphQLInputFieldConfigMap = {};
    for (const field of own) {
      const operators = OPERATORS[field.type];
      if (operators !== undefined && field.formula === undefined)
        fields[field.name] = { type: operators };
      const parent = parentFilter(object, field);
      if (field.relationshipName !== undefined && parent !== undefined)
        fields[field.relationshipName] = { type: parent };
    }
    return fields;
  }

  function parentFilter(object: ObjectDef, lookup: FieldDef): GraphQLInputObjectType | undefined {
    const targets = targetsOf(viewer, metadata, lookup);
    const [only] = targets;
    if (only === undefined) return undefined;
    if (!isPolymorphic(lookup)) return filterOf(only);
    return new GraphQLInputObjectType({
      name: `${object.name}_${lookup.relationshipName ?? lookup.name}_Filters`,
      fields: () =>
        Object.fromEntries(targets.map((target) => [target.name, { type: filterOf(target) }])),
    });
  }

  return filterOf;
}
