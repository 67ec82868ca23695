import {
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Script } from '../components/script.ts';
import { type FieldStep, followFields, type Org } from '../org.ts';

/**
 * The fields a component names: by schema imports, by strings such as `Asset.Name`, and by plain names of fields
 * in a file that names their object as well.
 */
export function* fieldsOfScript({ imports, words }: Script, org: Org): Generator<FieldStep> {
  const objects = new Set<string>();
  const names = new Set<string>();
  const ways = imports
    .map(({ specifier }) => specifier.replace('@salesforce/schema/', ''))
    .concat(words.map(({ text }) => text));
  for (const way of ways) {
    const [object = '', ...rest] = way.split('.');
    if (!org.objects.has(object)) {
      for (const [name] of way.matchAll(/\b[A-Z]\w*__[cr]\b/g)) names.add(name.replace(/r$/, 'c'));
      continue;
    }
    objects.add(object);
    if (rest.length > 0) yield* followFields(org, object, rest.join('.')).steps;
  }
  for (const object of objects) {
    for (const field of org.objects.get(object)?.keys() ?? []) {
      if (names.has(field)) yield { object, field };
    }
  }
}

/** Every field the GraphQL documents of a component select, filter or sort by. */
export function fieldsOfDocuments(
  { documents }: Script,
  org: Org,
  graphql: GraphQLSchema,
): readonly FieldStep[] {
  const texts = documents.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (texts.length === 0) return [];
  const found: FieldStep[] = [];
  const see = (object: string | undefined, name: string): void => {
    const field = name.replace(/__r$/, '__c');
    if (object !== undefined && org.objects.get(object)?.has(field) === true) {
      found.push({ object, field });
    }
  };
  const info = new TypeInfo(graphql);
  const visitor = visitWithTypeInfo(info, {
    Field: (node) => see(info.getParentType()?.name, node.name.value),
    ObjectField: (node) => {
      const input = getNamedType(info.getParentInputType());
      see(input?.name.replace(/_(Filter|OrderBy)$/, ''), node.name.value);
    },
  });
  for (const text of texts) {
    try {
      visit(parse(text), visitor);
    } catch (error) {
      // Another rule tells what is wrong with the document.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
  return found;
}
