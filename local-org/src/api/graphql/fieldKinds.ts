import {
  GraphQLBoolean,
  GraphQLID,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import type { GraphQLScalarType } from 'graphql';

import type { FieldDef, FieldType } from '../../metadata/schema.ts';
import type { FieldValue } from '../../store/records.ts';
import { displayValueOf } from '../ui/display.ts';
import {
  DATE,
  DATE_TIME,
  DOUBLE,
  EMAIL,
  LONG_TEXT_AREA,
  PHONE,
  PICKLIST,
  TEXT_AREA,
  URL_TEXT,
} from './scalars.ts';

const fieldValue = new GraphQLInterfaceType({
  name: 'FieldValue',
  fields: { displayValue: { type: GraphQLString } },
});

/** A value of a field with the text that a page shows for it. */
function valueType(scalar: GraphQLScalarType, name: string = scalar.name): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${name}Value`,
    interfaces: [fieldValue],
    fields: {
      value: { type: scalar },
      displayValue: { type: GraphQLString },
      ...(name === 'Picklist' ? { label: { type: GraphQLString } } : {}),
    },
  });
}

/** How the fields of one type are read and filtered. */
export interface FieldKind {
  readonly scalar: GraphQLScalarType;
  readonly value: GraphQLObjectType;
}

const kindOf = (scalar: GraphQLScalarType, name?: string): FieldKind => ({
  scalar,
  value: valueType(scalar, name),
});

const text = kindOf(GraphQLString);
const id = kindOf(GraphQLID);

/** Source: the `__typename`s of public recordings: `StringValue`, `IDValue`, `DoubleValue`, … */
export const FIELD_KINDS: Readonly<Record<FieldType, FieldKind>> = {
  Id: id,
  Lookup: id,
  Text: text,
  AutoNumber: text,
  TextArea: kindOf(TEXT_AREA),
  LongTextArea: kindOf(LONG_TEXT_AREA),
  Picklist: kindOf(PICKLIST),
  Number: kindOf(DOUBLE),
  Checkbox: kindOf(GraphQLBoolean),
  DateTime: kindOf(DATE_TIME),
  Date: kindOf(DATE),
  Email: kindOf(EMAIL),
  Phone: kindOf(PHONE),
  Url: kindOf(URL_TEXT),
  // Never asked for: the schema has the latitude and the longitude only.
  Location: text,
};

/** What a value type resolves from. */
export function readValue(
  field: FieldDef,
  value: FieldValue,
): Readonly<Record<string, FieldValue>> {
  const displayValue = displayValueOf(field, value);
  return { value, displayValue, label: displayValue };
}
