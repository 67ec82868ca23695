import { SCALARS, type Formula, type Scalar, type Variable } from '../model.ts';
import type { FieldValue } from '../../store/records.ts';
import { readOperand, readValue } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

export function readVariable(xml: XmlReader): Variable {
  const name = xml.text('name');
  const type = xml.oneOf('dataType', [...SCALARS, 'SObject'] as const);
  const object = xml.optionalText('objectType')?.trim();
  if (type === 'SObject' && object === undefined) xml.invalid('<objectType> is missing');
  if (type !== 'SObject' && object !== undefined)
    xml.invalid('<objectType> needs dataType SObject');
  const scale = xml.optionalNumber('scale');
  if (scale !== undefined && type !== 'Number') xml.invalid('<scale> needs dataType Number');
  const value = xml.child('value');
  const variable: Variable = {
    name,
    type,
    object,
    isCollection: xml.boolean('isCollection'),
    isInput: xml.boolean('isInput'),
    isOutput: xml.boolean('isOutput'),
    initial: value === undefined ? undefined : readOperand(value),
  };
  if (variable.initial !== undefined && (variable.isCollection || type === 'SObject')) {
    xml.unsupported('a starting value of a collection or record variable');
  }
  xml.ignore('description', 'processMetadataValues');
  xml.done();
  return variable;
}

export function readConstant(xml: XmlReader): { name: string; type: Scalar; value: FieldValue } {
  const name = xml.text('name');
  const type = xml.oneOf('dataType', SCALARS);
  const value = readValue(xml, 'value');
  if (value.kind !== 'literal') return xml.unsupported('a constant that refers to something');
  if (value.type !== type) xml.invalid(`the value is a ${value.type}, the constant a ${type}`);
  xml.ignore('description', 'processMetadataValues');
  xml.done();
  return { name, type, value: value.value };
}

export function readFormula(xml: XmlReader): Formula {
  const formula = {
    name: xml.text('name'),
    type: xml.oneOf('dataType', SCALARS),
    expression: xml.text('expression'),
  };
  // "Flow formulas reject string literals containing backslashes at deploy" (a public ledger of what was tried in an org).
  if (formula.expression.includes('\\'))
    xml.invalid('a text in a formula of a flow cannot contain a backslash');
  xml.optionalNumber('scale');
  xml.ignore('description', 'processMetadataValues');
  xml.done();
  return formula;
}

export function readTemplate(xml: XmlReader): { name: string; text: string } {
  const name = xml.text('name');
  const text = xml.optionalText('text') ?? '';
  if (!xml.boolean('isViewedAsPlainText'))
    xml.unsupported('a rich text template (set isViewedAsPlainText)');
  xml.ignore('description', 'processMetadataValues');
  xml.done();
  return { name, text };
}
