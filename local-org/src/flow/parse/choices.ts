import { SCALARS } from '../model.ts';
import type { Choice, ChoiceSet } from '../screenModel.ts';
import { readFilters, readValue } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

/** The choices of a record choice set that are shown at most (help platform.flow_ref_resources_recordchoice). */
const MOST_CHOICES = 200;

export function readChoice(unnamed: XmlReader): Choice {
  const name = unnamed.text('name');
  const xml = unnamed.named(`choices ${name}`);
  // What a choice without a value stands for, no public source found says.
  if (xml.child('value') === undefined) xml.unsupported('a choice without a <value>');
  const choice = {
    name,
    type: xml.oneOf('dataType', SCALARS),
    label: xml.text('choiceText'),
    value: readValue(xml, 'value'),
  };
  xml.ignore('name', 'description', 'processMetadataValues');
  xml.done();
  return choice;
}

/** A `dynamicChoiceSets`: of records, or of the values of a picklist field. */
export function readChoiceSet(unnamed: XmlReader): ChoiceSet {
  const name = unnamed.text('name');
  const xml = unnamed.named(`dynamicChoiceSets ${name}`);
  xml.ignore('name', 'description', 'processMetadataValues');
  const set =
    xml.optionalText('picklistField') === undefined
      ? readRecordSet(xml, name)
      : readPicklistSet(xml, name);
  xml.done();
  return set;
}

function readPicklistSet(xml: XmlReader, name: string): ChoiceSet {
  xml.oneOf('dataType', ['Picklist']);
  const order = xml.optionalText('sortOrder') === undefined ? undefined : sortOrder(xml);
  // Of records only; older files have them, as `xsi:nil`.
  xml.ignore('displayField', 'object', 'valueField');
  return {
    kind: 'picklist',
    name,
    type: 'String',
    object: xml.text('picklistObject'),
    field: xml.text('picklistField'),
    descending: order,
  };
}

function readRecordSet(xml: XmlReader, name: string): ChoiceSet {
  const { filters, logic } = readFilters(xml);
  const limit = xml.optionalNumber('limit');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > MOST_CHOICES))
    xml.invalid(`<limit> is ${limit}; a whole number from 1 to ${MOST_CHOICES} is allowed`);
  const sortField = xml.optionalText('sortField')?.trim();
  const descending = sortOrder(xml);
  const displayField = xml.text('displayField');
  return {
    kind: 'records',
    name,
    type: xml.oneOf('dataType', SCALARS),
    object: xml.text('object'),
    filters,
    logic,
    sort: sortField === undefined ? undefined : { field: sortField, descending },
    limit: limit ?? MOST_CHOICES,
    displayField,
    // "If you don't select a field as the choice value, the choice label is used instead."
    valueField: xml.optionalText('valueField')?.trim() ?? displayField,
    outputs: xml.children('outputAssignments').map((item) => {
      const output = { field: item.text('field'), to: item.text('assignToReference') };
      item.done();
      return output;
    }),
  };
}

function sortOrder(xml: XmlReader): boolean {
  return xml.oneOf('sortOrder', ['Asc', 'Desc'] as const, 'Asc') === 'Desc';
}
