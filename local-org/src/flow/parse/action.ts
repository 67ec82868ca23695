import { ACTIONS, type ActionElement } from '../model.ts';
import { readConnector, readValue } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

/** An action; those that this org does not do are refused by their name. */
export function readAction(xml: XmlReader): Omit<ActionElement, 'name'> {
  const action = xml.oneOf('actionType', ACTIONS);
  for (const tag of ['actionName', 'nameSegment'] as const) {
    const name = tag === 'actionName' ? xml.text(tag) : xml.optionalText(tag)?.trim();
    if (name !== undefined && name !== action)
      xml.invalid(`<${tag}> is ${name}; the action of this type is called ${action}`);
  }
  xml.oneOf('flowTransactionModel', ['CurrentTransaction', 'Automatic'], 'Automatic');
  xml.ignore('offset', 'versionSegment');
  const inputs = xml.children('inputParameters').map((item) => {
    const input = { name: item.text('name'), value: readValue(item, 'value') };
    item.ignore('processMetadataValues');
    item.done();
    return input;
  });
  if (new Set(inputs.map(({ name }) => name)).size < inputs.length)
    xml.invalid('an input is given twice');
  return {
    kind: 'actionCalls',
    action,
    inputs,
    next: readConnector(xml, 'connector'),
    fault: readConnector(xml, 'faultConnector'),
  };
}
