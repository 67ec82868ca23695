import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { fieldsOfUnknownType } from '../components/graphqlSchema.ts';
import type { PackageRule } from '../rule.ts';

/**
 * A GraphQL document of a component is written down as a whole, and asks what the org can answer.
 * The Field Service mobile app reads documents before it runs anything, so one put together at run time cannot be used
 * without a network. Source: "Use GraphQL" of the Mobile and Offline guide, limitations.
 */
export const graphqlDocuments: PackageRule = function* ({ components, graphql, org }) {
  for (const { object, name, type, file } of fieldsOfUnknownType(org)) {
    const text = `${object}.${name} is a ${type}, which the check of GraphQL does not know`;
    yield { path: file.path, line: file.root.line, text };
  }
  const scripts = components.flatMap((component) => component.scripts);
  for (const { path, documents } of scripts) {
    for (const { line, text } of documents) {
      if (text === undefined) {
        yield { path, line, text: 'the GraphQL document is put together at run time' };
        continue;
      }
      for (const { message, locations } of judge(text, graphql)) {
        const offset = (locations?.[0]?.line ?? 1) - 1;
        yield { path, line: line + offset, text: `GraphQL: ${message}` };
      }
    }
  }
};

function judge(text: string, schema: GraphQLSchema): readonly GraphQLError[] {
  try {
    return validate(schema, parse(text));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
