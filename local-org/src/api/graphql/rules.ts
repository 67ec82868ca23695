import {
  FieldsOnCorrectTypeRule,
  GraphQLError,
  KnownArgumentNamesRule,
  Kind,
  specifiedRules,
} from 'graphql';
import type { ASTNode, ASTVisitor, ValidationContext, ValidationRule } from 'graphql';

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
      if (type === null || type === undefined || context.getFieldDef() != null) return;
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
      if (!isOfField || field == null || context.getArgument() != null) return;
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

/** GraphQL's own rules; two of them speak in Salesforce's words. */
export const RULES: readonly ValidationRule[] = [
  ...specifiedRules.filter(
    (rule) => rule !== FieldsOnCorrectTypeRule && rule !== KnownArgumentNamesRule,
  ),
  fieldsOnCorrectType,
  knownArgumentNames,
];
