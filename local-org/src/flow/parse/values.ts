import type { FieldAssignment, Filter, Logic, Operand, Target } from '../model.ts';
import { parseLogic } from './logic.ts';
import type { XmlReader } from './xmlReader.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A `FlowElementReferenceOrValue`; exactly one kind of value must be given. */
export function readOperand(xml: XmlReader): Operand {
  const tags = xml.tags();
  const tag = tags[0];
  if (tag === undefined || tags.length !== 1) {
    return xml.invalid(`one value is needed, found ${tags.join(', ') || 'none'}`);
  }
  const operand = readOne(xml, tag);
  xml.done();
  return operand;
}

function readOne(xml: XmlReader, tag: string): Operand {
  switch (tag) {
    case 'elementReference':
      return { kind: 'reference', path: xml.text(tag) };
    case 'stringValue': {
      const value = xml.optionalText(tag) ?? '';
      if (value.includes('{!'))
        xml.unsupported('a merge field in a stringValue (use a text template)');
      return { kind: 'literal', type: 'String', value };
    }
    case 'numberValue':
      return { kind: 'literal', type: 'Number', value: xml.optionalNumber(tag) ?? null };
    case 'booleanValue':
      return { kind: 'literal', type: 'Boolean', value: xml.boolean(tag) };
    case 'dateValue': {
      const value = xml.text(tag);
      if (!DATE.test(value)) xml.invalid(`<dateValue> is '${value}'; YYYY-MM-DD is allowed`);
      return { kind: 'literal', type: 'Date', value };
    }
    case 'dateTimeValue': {
      const at = Date.parse(xml.text(tag));
      if (Number.isNaN(at)) xml.invalid(`<dateTimeValue> is '${xml.text(tag)}', not a time`);
      return { kind: 'literal', type: 'DateTime', value: new Date(at).toISOString() };
    }
    default:
      return xml.unsupported(`a value given as <${tag}>`);
  }
}

export function readValue(xml: XmlReader, tag: string): Operand {
  const child = xml.child(tag);
  return child === undefined ? xml.invalid(`<${tag}> is missing`) : readOperand(child);
}

/** A value that may be left out. */
export function readOptionalValue(xml: XmlReader, tag: string): Operand | undefined {
  const child = xml.child(tag);
  return child === undefined ? undefined : readOperand(child);
}

/** An arrow; absent means the path ends there. */
export function readConnector(xml: XmlReader, tag: string): Target {
  const connector = xml.child(tag);
  if (connector === undefined) return undefined;
  const target = connector.text('targetReference');
  connector.ignore('isGoTo');
  connector.done();
  return target;
}

export function readFieldAssignments(xml: XmlReader, tag: string): FieldAssignment[] {
  return xml.children(tag).map((item) => {
    const assignment = { field: item.text('field'), value: readValue(item, 'value') };
    item.ignore('processMetadataValues');
    item.done();
    return assignment;
  });
}

export function readFilters(xml: XmlReader): { filters: Filter[]; logic: Logic } {
  const filters = xml.children('filters').map((item) => {
    const filter = {
      field: item.text('field'),
      operator: item.text('operator'),
      value: readValue(item, 'value'),
    };
    item.ignore('processMetadataValues');
    item.done();
    return filter;
  });
  return { filters, logic: parseLogic(xml, xml.optionalText('filterLogic'), filters.length) };
}
