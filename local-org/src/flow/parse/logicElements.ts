import type {
  AssignmentElement,
  Condition,
  CustomErrorElement,
  DecisionElement,
  Logic,
  LoopElement,
  SubflowElement,
} from '../model.ts';
import { parseLogic } from './logic.ts';
import { readConnector, readOptionalValue, readValue } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

type Named<T> = Omit<T, 'name'>;

/** The conditions of an outcome or a visibility rule, with the logic between them. */
export function readConditions(xml: XmlReader): { conditions: Condition[]; logic: Logic } {
  const conditions = xml.children('conditions').map((item) => {
    const condition = {
      left: item.text('leftValueReference'),
      operator: item.text('operator'),
      right: readValue(item, 'rightValue'),
    };
    item.ignore('processMetadataValues');
    item.done();
    return condition;
  });
  if (conditions.length === 0) xml.invalid('at least one condition is needed');
  return { conditions, logic: parseLogic(xml, xml.text('conditionLogic'), conditions.length) };
}

export function readDecision(xml: XmlReader): Named<DecisionElement> {
  const rules = xml.children('rules').map((unnamed) => {
    const rule = unnamed.named(`${xml.where} rule ${unnamed.text('name')}`);
    const { conditions, logic } = readConditions(rule);
    const read = {
      name: rule.text('name'),
      conditions,
      logic,
      onlyWhenChangedToMeet: rule.boolean('doesRequireRecordChangedToMeetCriteria'),
      next: readConnector(rule, 'connector'),
    };
    rule.ignore('label', 'description');
    rule.done();
    return read;
  });
  if (rules.length === 0) xml.invalid('at least one outcome is needed');
  xml.ignore('defaultConnectorLabel');
  return { kind: 'decisions', rules, next: readConnector(xml, 'defaultConnector') };
}

export function readAssignment(xml: XmlReader): Named<AssignmentElement> {
  const items = xml.children('assignmentItems').map((item) => {
    const read = {
      to: item.text('assignToReference'),
      operator: item.text('operator'),
      value: readOptionalValue(item, 'value'),
    };
    item.ignore('processMetadataValues');
    item.done();
    return read;
  });
  return { kind: 'assignments', items, next: readConnector(xml, 'connector') };
}

export function readLoop(xml: XmlReader): Named<LoopElement> {
  return {
    kind: 'loops',
    collection: xml.text('collectionReference'),
    descending: xml.oneOf('iterationOrder', ['Asc', 'Desc'] as const, 'Asc') === 'Desc',
    itemTo: xml.optionalText('assignNextValueToReference')?.trim(),
    body: readConnector(xml, 'nextValueConnector'),
    next: readConnector(xml, 'noMoreValuesConnector'),
  };
}

export function readSubflow(xml: XmlReader): Named<SubflowElement> {
  return {
    kind: 'subflows',
    flow: xml.text('flowName'),
    inputs: xml.children('inputAssignments').map((item) => {
      const input = { name: item.text('name'), value: readValue(item, 'value') };
      item.ignore('processMetadataValues');
      item.done();
      return input;
    }),
    outputs: xml.children('outputAssignments').map((item) => {
      const output = { name: item.text('name'), to: item.text('assignToReference') };
      item.done();
      return output;
    }),
    automatic: xml.boolean('storeOutputAutomatically'),
    next: readConnector(xml, 'connector'),
  };
}

export function readCustomError(xml: XmlReader): Named<CustomErrorElement> {
  const messages = xml.children('customErrorMessages').map((item) => {
    const onField = item.boolean('isFieldError');
    const field = item.optionalText('fieldSelection')?.trim();
    if (onField !== (field !== undefined))
      item.invalid('isFieldError and fieldSelection go together');
    const text = item.text('errorMessage');
    item.done();
    return { text, field };
  });
  if (messages.length === 0) xml.invalid('at least one customErrorMessages is needed');
  return { kind: 'customErrors', messages };
}
