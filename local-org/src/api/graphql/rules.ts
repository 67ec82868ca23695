import {
  FieldsOnCorrectTypeRule,
  GraphQLError,
  KnownArgumentNamesRule,
  Kind,
  getNamedType,
  isObjectType,
  isUnionType,
  specifiedRules,
} from 'graphql';
import type {
  ASTNode,
  ASTVisitor,
  GraphQLObjectType,
  ValidationContext,
  ValidationRule,
} from 'graphql';

/** What Salesforce's schema has there and this org does not. */
export const REFUSED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  UIAPI: ['aggregate', 'objectInfos', 'relatedListByName'],
};

type Ancestors = readonly (ASTNode | readonly ASTNode[])[];

/** Where a field stands, as `uiapi/query/Asset`. */
function pathOf(ancestors: Ancestors, name: string): string {
  const names = ancestors.flatMap((node) =>
    'kind' in node && node.kind === Kind.FIELD ? [node.name.value] : [],
  );
  return [...names, name].join('/');
}

/** In the words of public logs of orgs, which name the field, its type and its path. */
function fieldsOnCorrectType(context: ValidationContext): ASTVisitor {
  return {
    Field(node, _key, _parent, _path, ancestors) {
      const type = context.getParentType();
      if (!type || context.getFieldDef()) return;
      const name = node.name.value;
      const problem = REFUSED_FIELDS[type.name]?.includes(name)
        ? "is not implemented by the local org's GraphQL"
        : 'is undefined';
      const at = pathOf(ancestors, name);
      context.reportError(
        new GraphQLError(
          `Validation error of type FieldUndefined: Field '${name}' in type '${type.name}' ${problem} @ '${at}'`,
          { nodes: node },
        ),
      );
    },
  };
}

function knownArgumentNames(context: ValidationContext): ASTVisitor {
  return {
    Argument(node, _key, _parent, _path, ancestors) {
      const field = context.getFieldDef();
      const isOfField = !ancestors.some((one) => 'kind' in one && one.kind === Kind.DIRECTIVE);
      if (!isOfField || !field || context.getArgument()) return;
      const at = pathOf(ancestors, '').replace(/\/$/, '');
      context.reportError(
        new GraphQLError(
          `Validation error of type UnknownArgument: Unknown field argument ${node.name.value} @ '${at}'`,
          { nodes: node },
        ),
      );
    },
  };
}

/**
 * "You can specify up to five levels in a child-to-parent relationship" (GraphQL API guide, "GraphQL
 * API Query Limitations"); "one level of child relationships" (LWC guide, "Children and Parent
 * Relationships"). Named fragments are counted where they stand, not where they are used.
 */
export const MOST_LEVELS = { parents: 5, children: 1 };

function relationshipLevels(context: ValidationContext): ASTVisitor {
  const levels = { parents: 0, children: 0 };
  const relationOf = (): keyof typeof levels | undefined => {
    const parent = context.getParentType();
    if (!isObjectType(parent) || !isRecordType(parent)) return undefined;
    const type = getNamedType(context.getType());
    if (isUnionType(type) || (isObjectType(type) && isRecordType(type))) return 'parents';
    return isObjectType(type) && type.name.endsWith('Connection') ? 'children' : undefined;
  };
  return {
    Field: {
      enter(node, _key, _parent, _path, ancestors) {
        const relation = relationOf();
        if (relation === undefined) return;
        levels[relation] += 1;
        if (levels[relation] !== MOST_LEVELS[relation] + 1) return;
        context.reportError(
          new GraphQLError(
            `Validation error: at most ${MOST_LEVELS[relation]} level(s) of ${relation} @ '${pathOf(ancestors, node.name.value)}'`,
            { nodes: node },
          ),
        );
      },
      leave() {
        const relation = relationOf();
        if (relation !== undefined) levels[relation] -= 1;
      },
    },
  };
}

function isRecordType(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Record');
}

/** GraphQL's own rules, two of them in Salesforce's words, and the limit of relationships. */
export const RULES: readonly ValidationRule[] = [
  ...specifiedRules.filter(
    (rule) => rule !== FieldsOnCorrectTypeRule && rule !== KnownArgumentNamesRule,
  ),
  fieldsOnCorrectType,
  knownArgumentNames,
  relationshipLevels,
];
