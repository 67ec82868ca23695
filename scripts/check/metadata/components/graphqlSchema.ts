import { buildSchema, type GraphQLSchema } from 'graphql';
import type { CustomField, Org } from '../org.ts';
import { EVENT_FIELDS, STANDARD_CHILDREN, STANDARD_TYPES } from '../standardFields.ts';

/*
 * How the UI API's GraphQL schema calls the values of a field: type of the Metadata API → the scalar. Those the
 * database cannot compare have no operators. Source: GraphQL API guide, "Schema Conventions" and "Field Operators".
 */
const SCALARS: Readonly<Record<string, string>> = {
  AutoNumber: 'String',
  Checkbox: 'Boolean',
  Currency: 'Currency',
  Date: 'Date',
  DateTime: 'DateTime',
  Email: 'Email',
  Html: 'RichTextArea',
  Id: 'ID',
  LongTextArea: 'LongTextArea',
  Lookup: 'ID',
  MasterDetail: 'ID',
  MultiselectPicklist: 'MultiPicklist',
  Number: 'Double',
  Percent: 'Percent',
  Phone: 'PhoneNumber',
  Picklist: 'Picklist',
  Summary: 'Double',
  Text: 'String',
  TextArea: 'TextArea',
  Time: 'Time',
  Url: 'Url',
};
/* A place has two numbers of its own; components here use neither them nor the whole. */
const COMPOUND = 'Location';
const NOT_COMPARED: ReadonlySet<string> = new Set(['LongTextArea', 'RichTextArea']);
const WITH_LITERALS: ReadonlySet<string> = new Set(['Date', 'DateTime']);
const OF_GRAPHQL: ReadonlySet<string> = new Set(['Boolean', 'ID', 'String']);

const scalars = [...new Set(Object.values(SCALARS))];

/* What every org has. Any record has a Name for a lookup to more than one object. */
const COMMON = `
  type Query { uiapi: UIAPI! }
  type UIAPI { query: RecordQuery! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  enum ResultsOrder { ASC DESC }
  enum NullsOrder { FIRST LAST }
  enum Scope { EVERYTHING MINE }
  input OrderByClause { order: ResultsOrder nulls: NullsOrder }
  type AnyRecord { Id: ID! ApiName: String! Name: StringValue }
  ${scalars
    .filter((name) => !OF_GRAPHQL.has(name))
    .map((name) => `scalar ${name}`)
    .join('\n')}
  ${scalars.map(valueType).join('\n')}
  ${scalars
    .filter((name) => !NOT_COMPARED.has(name))
    .map(operators)
    .join('\n')}
  ${[...WITH_LITERALS].map((name) => `input ${name}Input { value: ${name} literal: DateLiteral range: DateRange }`).join('\n')}
  enum DateLiteral { TODAY YESTERDAY TOMORROW THIS_WEEK LAST_WEEK THIS_MONTH LAST_MONTH THIS_YEAR LAST_YEAR }
  input DateRange { last_n_days: Int next_n_days: Int n_days_ago: Int last_n_months: Int }
`;

function valueType(scalar: string): string {
  const label = scalar === 'Picklist' ? 'label: String' : '';
  return `type ${scalar}Value { value: ${scalar} displayValue: String ${label} }`;
}

function operators(scalar: string): string {
  const value = WITH_LITERALS.has(scalar) ? `${scalar}Input` : scalar;
  const text = ['String', 'Picklist', 'Email', 'PhoneNumber', 'Url', 'TextArea'].includes(scalar);
  return `input ${scalar}Operators {
    eq: ${value} ne: ${value} lt: ${value} lte: ${value} gt: ${value} gte: ${value}
    in: [${value}] nin: [${value}] ${text ? 'like: String' : ''}
  }`;
}

/**
 * The part of the UI API's GraphQL schema that components query, for the objects of this package: for every stored
 * object its connection, filter and order, its fields, lookups and child relationships.
 */
export function makeGraphqlSchema(org: Org): GraphQLSchema {
  const objects = [...org.objects.keys()].filter((name) => !/__(e|mdt)$/.test(name));
  const query = `type RecordQuery { ${objects.map((name) => `${name}${connectionArguments(name)}: ${name}Connection`).join('\n')} }`;
  return buildSchema([COMMON, query, ...objects.map((name) => objectTypes(org, name))].join('\n'));
}

function connectionArguments(object: string): string {
  return `(first: Int, after: String, where: ${object}_Filter, orderBy: ${object}_OrderBy, scope: Scope, upperBound: Int)`;
}

function objectTypes(org: Org, object: string): string {
  // An object may have a field of its own called like one that every record has.
  const fields = new Map([
    ['Id', 'ID!'],
    ['ApiName', 'String!'],
    ['WeakEtag', 'Int'],
    ['DisplayValue', 'String'],
  ]);
  const filters: string[] = [
    `and: [${object}_Filter]`,
    `or: [${object}_Filter]`,
    `not: ${object}_Filter`,
  ];
  const orders: string[] = [];
  for (const [field, target] of org.objects.get(object) ?? []) {
    if (org.fields.get(`${object}.${field}`)?.type === COMPOUND) continue;
    const scalar = scalarOf(org, object, field, target);
    if (field !== 'Id') fields.set(field, `${scalar}Value`);
    if (!NOT_COMPARED.has(scalar)) {
      filters.push(`${field}: ${scalar}Operators`);
      orders.push(`${field}: OrderByClause`);
    }
    if (target === '') continue;
    const relation = field.endsWith('__c')
      ? field.replace(/__c$/, '__r')
      : field.replace(/Id$/, '');
    const isKnown = org.objects.has(target);
    fields.set(relation, isKnown ? target : 'AnyRecord');
    if (isKnown) {
      filters.push(`${relation}: ${target}_Filter`);
      orders.push(`${relation}: ${target}_OrderBy`);
    }
  }
  for (const [name, child] of childrenOf(org, object))
    fields.set(`${name}${connectionArguments(child)}`, `${child}Connection`);
  return `
    type ${object}Connection { edges: [${object}Edge] totalCount: Int! pageResultCount: Int! pageInfo: PageInfo! }
    type ${object}Edge { node: ${object} cursor: String! }
    type ${object} { ${[...fields].map(([name, type]) => `${name}: ${type}`).join('\n')} }
    input ${object}_Filter { ${filters.join('\n')} }
    input ${object}_OrderBy { ${orders.join('\n')} }`;
}

function scalarOf(org: Org, object: string, field: string, target: string): string {
  if (target !== '' || field === 'Id') return 'ID';
  const type = org.fields.get(`${object}.${field}`)?.type ?? STANDARD_TYPES[field] ?? 'Text';
  return SCALARS[type] ?? 'String';
}

/** The fields of the package whose type has no scalar above; the schema takes them for texts. */
export function fieldsOfUnknownType(org: Org): readonly CustomField[] {
  return [...org.fields.values()].filter(({ type }) => type !== COMPOUND && !(type in SCALARS));
}

function* childrenOf(org: Org, object: string): Generator<readonly [string, string]> {
  for (const [name, child] of Object.entries(STANDARD_CHILDREN[object] ?? {})) yield [name, child];
  for (const field of org.fields.values()) {
    const leadsHere = org.objects.get(field.object)?.get(field.name) === object;
    if (leadsHere && field.childRelationship !== '' && !(field.name in EVENT_FIELDS)) {
      yield [`${field.childRelationship}__r`, field.object];
    }
  }
}
