import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

import { isDate, toEpochMs } from '../../store/values.ts';

/** A scalar whose values are texts, judged by `fits`. */
function textScalar(name: string, what = 'a string', fits: (text: string) => boolean = () => true) {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && fits(value)) return value;
    throw new GraphQLError(`${name} needs ${what}; got ${JSON.stringify(value)}`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : { kind: node.kind }),
  });
}

function numberScalar(name: string) {
  const parse = (value: unknown): number => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new GraphQLError(`${name} needs a number; got ${JSON.stringify(value)}`);
  };
  return new GraphQLScalarType<number, number>({
    name,
    parseValue: parse,
    parseLiteral: (node) =>
      parse(
        node.kind === Kind.INT || node.kind === Kind.FLOAT
          ? Number(node.value)
          : { kind: node.kind },
      ),
  });
}

/*
 * The scalars of the schema besides GraphQL's own, by Salesforce's names, which the variables of a
 * query are declared with. Source: GraphQL API guide, "Field Operators" (filter-fields.html) and
 * the type names in public recordings (`DateTimeValue`, `PhoneNumberValue`).
 */
export const DOUBLE = numberScalar('Double');
export const LONG = numberScalar('Long');
export const DATE_TIME = textScalar(
  'DateTime',
  'a date and time with its zone, 2026-11-23T06:00:00.000Z',
  (text) => toEpochMs(text) !== undefined,
);
export const DATE = textScalar('Date', 'a day, 2026-11-23', isDate);
export const PICKLIST = textScalar('Picklist');
export const EMAIL = textScalar('Email');
export const PHONE = textScalar('PhoneNumber');
export const URL_TEXT = textScalar('Url');
export const TEXT_AREA = textScalar('TextArea');
export const LONG_TEXT_AREA = textScalar('LongTextArea');
