import { SCALARS, type Scalar } from '../model.ts';
import {
  CHOICE_FIELDS,
  type ScreenElement,
  type ScreenField,
  type VisibilityRule,
} from '../screenModel.ts';
import { readConditions } from './logicElements.ts';
import { readConnector, readValue } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

/** The digits after the point that a flow can ask for (Metadata API, FlowScreenField `scale`). */
const MOST_DIGITS = 17;

/**
 * A screen. Pausing takes the setting "Let users pause flows", which is off at first and here for
 * ever, so `allowPause` shows nothing (help platform.flow_pause).
 */
export function readScreen(xml: XmlReader): Omit<ScreenElement, 'name'> {
  xml.boolean('allowPause');
  xml.ignore('pausedText', 'pauseButtonLabel');
  return {
    kind: 'screens',
    label: xml.text('label'),
    help: textIn(xml, 'helpText'),
    fields: xml.children('fields').map(readField),
    showHeader: xml.boolean('showHeader', true),
    showFooter: xml.boolean('showFooter', true),
    allowBack: xml.boolean('allowBack', true),
    allowFinish: xml.boolean('allowFinish', true),
    backLabel: textIn(xml, 'backButtonLabel'),
    nextLabel: textIn(xml, 'nextOrFinishButtonLabel'),
    next: readConnector(xml, 'connector'),
  };
}

function readField(unnamed: XmlReader): ScreenField {
  const name = unnamed.text('name');
  const xml = unnamed.named(`screens field ${name}`);
  // Widths and colours; in new files every field has some.
  xml.ignore('name', 'processMetadataValues', 'styleProperties');
  if (!xml.boolean('isVisible', true)) xml.unsupported('<isVisible>false</isVisible>');
  const type = xml.oneOf('fieldType', [
    'DisplayText',
    'InputField',
    'LargeTextArea',
    ...CHOICE_FIELDS,
  ] as const);
  const field = readKind(xml, name, type);
  xml.done();
  return field;
}

function readKind(
  xml: XmlReader,
  name: string,
  type: 'DisplayText' | 'InputField' | 'LargeTextArea' | (typeof CHOICE_FIELDS)[number],
): ScreenField {
  if (type === 'DisplayText') {
    // Flow Builder writes these for texts too.
    xml.oneOf('inputsOnNextNavToAssocScrn', ['UseStoredValues', 'ResetValues'], 'UseStoredValues');
    return {
      kind: 'display',
      name,
      visibility: readVisibility(xml),
      text: xml.optionalText('fieldText') ?? '',
    };
  }
  const asked = { name, ...readAsked(xml) };
  if (type === 'LargeTextArea') {
    xml.oneOf('dataType', ['String'], 'String');
    return { ...asked, kind: 'input', type: 'String', long: true, scale: undefined };
  }
  if (type === 'InputField') {
    const dataType = xml.oneOf('dataType', SCALARS);
    return {
      ...asked,
      kind: 'input',
      type: dataType,
      long: false,
      scale: readScale(xml, dataType),
    };
  }
  const dataType = xml.oneOf('dataType', SCALARS);
  if (type === 'MultiSelectCheckboxes' && dataType !== 'String')
    xml.unsupported(`${type} of the dataType ${dataType}`);
  const choices = xml.texts('choiceReferences').map((choice) => choice.trim());
  if (choices.length === 0) xml.invalid('<choiceReferences> is missing');
  return {
    ...asked,
    kind: 'choice',
    widget: type,
    type: dataType,
    choices,
    initialChoice: textIn(xml, 'defaultSelectedChoiceReference'),
  };
}

function readAsked(
  xml: XmlReader,
): Pick<
  Extract<ScreenField, { kind: 'input' }>,
  'label' | 'help' | 'required' | 'initial' | 'keepsAnswer' | 'validation' | 'visibility'
> {
  const initial = xml.child('defaultValue');
  const rule = xml.child('validationRule');
  const validation =
    rule === undefined
      ? undefined
      : { formula: rule.text('formulaExpression'), message: rule.text('errorMessage') };
  rule?.done();
  const visits = ['UseStoredValues', 'ResetValues'] as const;
  return {
    label: xml.optionalText('fieldText')?.trim() ?? '',
    help: textIn(xml, 'helpText'),
    required: xml.boolean('isRequired'),
    initial: initial === undefined ? undefined : readValue(xml, 'defaultValue'),
    keepsAnswer:
      xml.oneOf('inputsOnNextNavToAssocScrn', visits, 'UseStoredValues') === 'UseStoredValues',
    validation,
    visibility: readVisibility(xml),
  };
}

function readScale(xml: XmlReader, type: Scalar): number | undefined {
  const scale = xml.optionalNumber('scale');
  if (scale === undefined) return undefined;
  if (!Number.isInteger(scale) || scale < 0 || scale > MOST_DIGITS)
    xml.invalid(`<scale> is ${scale}; a whole number from 0 to ${MOST_DIGITS} is allowed`);
  // Flow Builder writes a scale of 0 for every type.
  if (type === 'Number') return scale;
  return scale === 0 ? undefined : xml.invalid('<scale> needs dataType Number');
}

function readVisibility(xml: XmlReader): VisibilityRule | undefined {
  const rule = xml.child('visibilityRule');
  if (rule === undefined) return undefined;
  const read = readConditions(rule);
  rule.ignore('processMetadataValues');
  rule.done();
  return read;
}

function textIn(xml: XmlReader, tag: string): string | undefined {
  const text = xml.optionalText(tag)?.trim();
  return text === '' ? undefined : text;
}
