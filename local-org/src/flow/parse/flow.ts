import { RUN_MODES, type ElementKind, type FlowElement, type FlowSource } from '../model.ts';
import type { AskedField, ScreenField } from '../screenModel.ts';
import { readCreate, readDelete, readLookup, readUpdate } from './dataElements.ts';
import { readAction } from './action.ts';
import { readCollection } from './collection.ts';
import {
  readAssignment,
  readCustomError,
  readDecision,
  readLoop,
  readSubflow,
} from './logicElements.ts';
import { readConstant, readFormula, readTemplate, readVariable } from './resources.ts';
import { readChoice, readChoiceSet } from './choices.ts';
import { readScreen } from './screens.ts';
import { readStart } from './start.ts';
import { readXml, type XmlReader } from './xmlReader.ts';

type Named<T> = T extends FlowElement ? Omit<T, 'name'> : never;

/** How each kind of element is read; what is not in this table is refused. */
const ELEMENT_READERS: {
  readonly [Kind in ElementKind]: (xml: XmlReader) => Named<FlowElement>;
} = {
  recordLookups: readLookup,
  recordCreates: readCreate,
  recordUpdates: readUpdate,
  recordDeletes: readDelete,
  decisions: readDecision,
  assignments: readAssignment,
  loops: readLoop,
  collectionProcessors: readCollection,
  subflows: readSubflow,
  actionCalls: readAction,
  customErrors: readCustomError,
  screens: readScreen,
};

const ELEMENT_KINDS = Object.keys(ELEMENT_READERS) as ElementKind[];

/**
 * Reads one flow file. Everything in it is either understood, known to say nothing about what the
 * flow does, or refused with the file and the element (`Unsupported`, `FlowLoadError`).
 */
export function parseFlow(name: string, file: string, text: string): FlowSource {
  const xml = readXml(file, text, 'Flow');
  xml.ignore(
    'apiVersion',
    'areMetricsLoggedToDataCloud',
    'description',
    'environments',
    'interviewLabel',
  );
  xml.ignore('processMetadataValues');
  const isScreenFlow = xml.oneOf('processType', ['AutoLaunchedFlow', 'Flow']) === 'Flow';
  const runMode = xml.oneOf('runInMode', RUN_MODES, 'DefaultMode');
  const status = xml.oneOf('status', ['Active', 'Draft', 'Obsolete', 'InvalidDraft']);
  const triggerOrder = xml.optionalNumber('triggerOrder');
  if (triggerOrder !== undefined && (triggerOrder < 1 || triggerOrder > 2000)) {
    xml.invalid(`<triggerOrder> is ${triggerOrder}; 1 to 2000 is allowed`);
  }
  const start =
    xml.child('start') ?? xml.invalid('<start> is missing (older flows: startElementReference)');
  const elements = readElements(xml);
  const flow: FlowSource = {
    name,
    file,
    label: xml.text('label'),
    active: status === 'Active',
    triggerOrder,
    isScreenFlow,
    runMode,
    restricted: xml.boolean('isAdditionalPermissionRequiredToRun'),
    start: readStart(start),
    elements,
    screenFields: byName(xml, askedFields(elements)),
    choices: byName(xml, xml.children('choices').map(readChoice)),
    choiceSets: byName(xml, xml.children('dynamicChoiceSets').map(readChoiceSet)),
    variables: byName(xml, xml.children('variables').map(readVariable)),
    constants: byName(xml, xml.children('constants').map(readConstant)),
    formulas: byName(xml, xml.children('formulas').map(readFormula)),
    templates: new Map(
      [...byName(xml, xml.children('textTemplates').map(readTemplate)).values()].map((one) => [
        one.name,
        one.text,
      ]),
    ),
  };
  xml.done();
  refuseSharedNames(xml, flow);
  refuseMixedKinds(xml, flow);
  // "… only for before-save or after-save flows" (help platform.flow_task_trigger_run_order).
  if (triggerOrder !== undefined && flow.start.kind === 'record' && flow.start.timing === 'delete')
    xml.invalid('<triggerOrder>: flows before a delete have no order');
  return flow;
}

/**
 * Only a screen flow has screens, and nothing but a user opens one. A flow with a trigger is always
 * in system context without sharing (help platform.flow_distribute_context).
 */
function refuseMixedKinds(
  xml: XmlReader,
  { isScreenFlow, start, elements, runMode }: FlowSource,
): void {
  const screen = [...elements.values()].find(({ kind }) => kind === 'screens');
  if (screen !== undefined && !isScreenFlow)
    xml.invalid(`the screen ${screen.name} needs <processType>Flow</processType>`);
  if (isScreenFlow && start.kind !== 'none') xml.invalid('a screen flow has no trigger');
  if (start.kind !== 'none' && runMode === 'SystemModeWithSharing')
    xml.invalid('<runInMode> of a flow with a trigger cannot be SystemModeWithSharing');
}

function fieldsOf(elements: ReadonlyMap<string, FlowElement>): ScreenField[] {
  return [...elements.values()].flatMap((element) =>
    element.kind === 'screens' ? element.fields : [],
  );
}

function askedFields(elements: ReadonlyMap<string, FlowElement>): AskedField[] {
  return fieldsOf(elements).flatMap((field) => (field.kind === 'display' ? [] : [field]));
}

function readElements(xml: XmlReader): Map<string, FlowElement> {
  const elements = ELEMENT_KINDS.flatMap((kind) =>
    xml.children(kind).map((unnamed): FlowElement => {
      const name = unnamed.text('name');
      const element = unnamed.named(`${kind} ${name}`);
      element.ignore(
        'name',
        'label',
        'description',
        'locationX',
        'locationY',
        'processMetadataValues',
      );
      const read = ELEMENT_READERS[kind](element);
      element.done();
      return { ...read, name };
    }),
  );
  return byName(xml, elements);
}

function byName<T extends { readonly name: string }>(
  xml: XmlReader,
  all: readonly T[],
): Map<string, T> {
  const map = new Map<string, T>();
  for (const one of all) {
    if (map.has(one.name)) xml.invalid(`the name ${one.name} is used twice`);
    map.set(one.name, one);
  }
  return map;
}

/** One name space, without regard to case: references in formulas and merge fields have none. */
function refuseSharedNames(xml: XmlReader, flow: FlowSource): void {
  const seen = new Set<string>();
  const tables = [
    flow.elements,
    flow.variables,
    flow.constants,
    flow.formulas,
    flow.templates,
    flow.screenFields,
    flow.choices,
    flow.choiceSets,
  ];
  const displayed = fieldsOf(flow.elements).flatMap(({ kind, name }) =>
    kind === 'display' ? [name] : [],
  );
  for (const name of [...tables.flatMap((table) => [...table.keys()]), ...displayed]) {
    if (seen.has(name.toLowerCase())) xml.invalid(`the name ${name} is used twice`);
    seen.add(name.toLowerCase());
  }
}
