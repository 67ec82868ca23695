import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLString,
} from 'graphql';
import type { GraphQLInputFieldConfigMap, GraphQLInputType } from 'graphql';

import type { FieldType } from '../../metadata/schema.ts';
import { DATE, DATE_TIME, DOUBLE, EMAIL, PHONE, PICKLIST, TEXT_AREA, URL_TEXT } from './scalars.ts';

type Operator = 'eq' | 'ne' | 'lt' | 'gt' | 'lte' | 'gte' | 'like' | 'in' | 'nin';

const ordered: readonly Operator[] = ['eq', 'ne', 'lt', 'gt', 'lte', 'gte', 'in', 'nin'];
const texts: readonly Operator[] = [...ordered, 'like'];

function operators(
  name: string,
  input: GraphQLInputType,
  names: readonly Operator[],
): GraphQLInputObjectType {
  const fields: GraphQLInputFieldConfigMap = {};
  for (const operator of names)
    fields[operator] = {
      type: operator === 'in' || operator === 'nin' ? new GraphQLList(input) : input,
    };
  return new GraphQLInputObjectType({ name: `${name}Operators`, fields });
}

/** Days that are counted from today, as SOQL names them. */
export const DATE_LITERALS = [
  'YESTERDAY',
  'TODAY',
  'TOMORROW',
  'LAST_WEEK',
  'THIS_WEEK',
  'NEXT_WEEK',
  'LAST_MONTH',
  'THIS_MONTH',
  'NEXT_MONTH',
  'LAST_90_DAYS',
  'NEXT_90_DAYS',
  'LAST_YEAR',
  'THIS_YEAR',
  'NEXT_YEAR',
] as const;

/** Spans of a number of days: `range: {last_n_days: 7}`; the SOQL literals of the same names. */
export const DATE_RANGES = ['last_n_days', 'next_n_days'] as const;

const dateLiteral = new GraphQLEnumType({
  name: 'DateLiteral',
  values: Object.fromEntries(DATE_LITERALS.map((name) => [name, {}])),
});
const dateRange = new GraphQLInputObjectType({
  name: 'DateRange',
  fields: Object.fromEntries(DATE_RANGES.map((name) => [name, { type: GraphQLInt }])),
});

function dateInput(name: string, scalar: GraphQLInputType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${name}Input`,
    fields: {
      value: { type: scalar },
      literal: { type: dateLiteral },
      range: { type: dateRange },
    },
  });
}

const textOperators = operators('String', GraphQLString, texts);
const idOperators = operators('Id', GraphQLID, ordered);

/**
 * The operators by the type of the field; long texts cannot be filtered. Joins (`inq`, `ninq`) and
 * distances are not there. Source: GraphQL API guide, "Field Operators" (filter-fields.html); the
 * form of date inputs as in public queries, `{gte: {range: {last_n_months: 4}}}`.
 */
export const OPERATORS: Readonly<Record<FieldType, GraphQLInputObjectType | undefined>> = {
  Id: idOperators,
  Lookup: idOperators,
  Text: textOperators,
  AutoNumber: textOperators,
  TextArea: operators('TextArea', TEXT_AREA, texts),
  LongTextArea: undefined,
  Location: undefined,
  Picklist: operators('Picklist', PICKLIST, texts),
  Number: operators('Double', DOUBLE, ordered),
  Checkbox: operators('Boolean', GraphQLBoolean, ['eq', 'ne']),
  DateTime: operators('DateTime', dateInput('DateTime', DATE_TIME), ordered),
  Date: operators('Date', dateInput('Date', DATE), ordered),
  Email: operators('Email', EMAIL, texts),
  Phone: operators('PhoneNumber', PHONE, texts),
  Url: operators('Url', URL_TEXT, texts),
};
