import { makeField } from '../metadata/systemFields.ts';
import { auditFields, eventFields, ownerField } from '../metadata/systemFields.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { makeCodec } from '../events/codec.ts';
import type { PublishOutcome } from '../events/bus.ts';
import type { FlowStep } from '../flow/runtime.ts';
import type { Actor, RecordData, SaveOutcome } from '../store/records.ts';
import { seedOrg } from '../store/seed.ts';
import { openStore, type OpenStore } from '../store/sqliteStore.ts';
import { TEST_TIME, testMetadata } from '../store/testOrg.ts';
import { parseAssumptions } from './assumptions.ts';
import { makeAutomation, type Automation } from './makeAutomation.ts';

const text = (name: string, length = 255): FieldDef => makeField(name, name, 'Text', { length });
const number = (name: string): FieldDef =>
  makeField(name, name, 'Number', { precision: 18, scale: 3 });
const picklist = (field: string, ...values: string[]): FieldDef =>
  makeField(field, field, 'Picklist', {
    length: 255,
    picklist: {
      restricted: true,
      values: values.map((name) => ({ name, label: name, isDefault: false })),
    },
  });

function objectOf(
  name: string,
  keyPrefix: string,
  own: readonly FieldDef[],
  extras: Partial<ObjectDef> = {},
): ObjectDef {
  const isEvent = name.endsWith('__e');
  const common = isEvent ? eventFields : [...auditFields, ownerField, text('Name', 80)];
  return {
    name,
    label: name,
    pluralLabel: name,
    kind: isEvent ? 'event' : 'custom',
    keyPrefix,
    fields: new Map([...common, ...own].map((field) => [field.name, field])),
    ...extras,
  };
}

const objects: readonly ObjectDef[] = [
  objectOf('Job__c', 'a0J', [
    makeField('Key__c', 'Key', 'Text', {
      length: 64,
      unique: true,
      caseSensitive: true,
      externalId: true,
    }),
    picklist('Status__c', 'New', 'Done', 'Late'),
    text('Note__c'),
    number('Count__c'),
    makeField('At__c', 'At', 'DateTime'),
    makeField('Day__c', 'Day', 'Date'),
    makeField('Flag__c', 'Flag', 'Checkbox', { defaultValue: false }),
    makeField('Long__c', 'Long', 'LongTextArea', { length: 32_000 }),
    makeField('Parent__c', 'Parent', 'Lookup', {
      referenceTo: ['Job__c'],
      relationshipName: 'Parent__r',
    }),
  ]),
  objectOf('Log__c', 'a0L', [
    text('Text__c', 1000),
    text('Key__c', 64),
    number('Count__c'),
    makeField('Needed__c', 'Needed', 'Text', { length: 10, required: true, defaultValue: 'x' }),
    makeField('Job__c', 'Job', 'Lookup', { referenceTo: ['Job__c'], relationshipName: 'Job__r' }),
  ]),
  objectOf('Job__e', 'e0J', [
    text('Key__c', 64),
    text('Event_Key__c', 64),
    number('Count__c'),
    makeField('At__c', 'At', 'DateTime'),
  ]),
  objectOf('Done__e', 'e0D', [text('Key__c', 64)], { publishBehavior: 'PublishAfterCommit' }),
  objectOf('Now__e', 'e0N', [text('Key__c', 64)], { publishBehavior: 'PublishImmediately' }),
];

export interface FlowTestOrg {
  readonly automation: Automation;
  readonly store: OpenStore;
  readonly actor: Actor;
  readonly organizationId: string;
  readonly metadata: OrgMetadata;
  readonly clock: { time: number; now(): number };
  /** What was logged, in order. */
  readonly logged: string[];
  /** Every executed element, in order. */
  readonly steps: FlowStep[];
  /** Inserts through automation, partially; the outcomes. */
  insert(object: string, ...records: RecordData[]): SaveOutcome[];
  update(object: string, ...records: RecordData[]): SaveOutcome[];
  /** Publishes through the bus, all in one request. */
  publish(object: string, ...records: RecordData[]): PublishOutcome[];
  rows(object: string): RecordData[];
  /** One field of all rows, in the order of their ids. */
  values(object: string, field: string): unknown[];
}

/** For tests: metadata with the objects above and these flows, by name. */
export function flowTestMetadata(flows: Readonly<Record<string, string>>): OrgMetadata {
  return {
    ...testMetadata,
    objects: new Map([
      ...testMetadata.objects,
      ...objects.map((object) => [object.name, object] as const),
    ]),
    flows: Object.entries(flows).map(([name, xml]) => ({
      name,
      file: `${name}.flow-meta.xml`,
      xml,
    })),
  };
}

/** For tests: an org with these flows, started, in memory unless a path is given. */
export function openFlowTestOrg(
  flows: Readonly<Record<string, string>>,
  options: {
    assume?: readonly string[];
    faults?: readonly string[];
    path?: string;
    stopped?: boolean;
  } = {},
): FlowTestOrg {
  const metadata = flowTestMetadata(flows);
  const clock = {
    time: TEST_TIME,
    now(): number {
      return this.time;
    },
  };
  const store = openStore(options.path ?? ':memory:', metadata, clock);
  const { organizationId, automatedProcess: actor } = seedOrg(store, metadata);
  const logged: string[] = [];
  const steps: FlowStep[] = [];
  let count = 0;
  const automation = makeAutomation({
    metadata,
    store,
    clock,
    assumptions: parseAssumptions(options.assume ?? []),
    faults: options.faults ?? [],
    logger: { warn: (message) => logged.push(message), error: (message) => logged.push(message) },
    recorder: (step) => steps.push(step),
    makeId: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
  });
  if (options.stopped !== true) automation.start();
  const rows = (object: string): RecordData[] => store.select({ object });
  return {
    automation,
    store,
    actor,
    organizationId,
    metadata,
    clock,
    logged,
    steps,
    insert: (object, ...records) =>
      automation.dml.insert(object, records, actor, { allOrNone: false }),
    update: (object, ...records) =>
      automation.dml.update(object, records, actor, { allOrNone: false }),
    publish(object, ...records) {
      const topic = automation.bus.topic(`/event/${object}`);
      if (topic === undefined) throw new Error(`no topic of ${object}`);
      const codec = makeCodec(topic.schema, topic.object);
      const created = {
        CreatedDate: new Date(clock.now()).toISOString(),
        CreatedById: actor.userId,
      };
      const events = records.map((record) => ({
        schemaId: topic.schema.id,
        payload: codec.encode({ ...created, ...record }),
      }));
      return automation.bus.publish(topic, events, actor.userId);
    },
    rows,
    values: (object, field) => rows(object).map((row) => row[field]),
  };
}

/** For tests: a flow around its elements. */
export function flowXml(start: string, body: string, status = 'Active'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Flow xmlns="http://soap.sforce.com/2006/04/metadata">
  <apiVersion>66.0</apiVersion><label>Test flow</label><processType>AutoLaunchedFlow</processType>
  <start>${start}</start><status>${status}</status>
  ${body}
</Flow>`;
}

export const go = (target: string, tag = 'connector'): string =>
  `<${tag}><targetReference>${target}</targetReference></${tag}>`;

export const onEvent = (first: string, object = 'Job__e'): string =>
  `${go(first)}<object>${object}</object><triggerType>PlatformEvent</triggerType>`;

/** For tests: the start of a record-triggered flow; `extra` adds filters or paths. */
export function onSave(
  timing: 'RecordBeforeSave' | 'RecordAfterSave',
  first: string | undefined,
  extra = '',
  on = 'Create',
  object = 'Job__c',
): string {
  const connector = first === undefined ? '' : go(first);
  return `${connector}<object>${object}</object><recordTriggerType>${on}</recordTriggerType><triggerType>${timing}</triggerType>${extra}`;
}

export const asyncPath = (first: string): string =>
  `<scheduledPaths>${go(first)}<pathType>AsyncAfterCommit</pathType></scheduledPaths>`;

/** For tests: `<tag>` with one value; a leading `!` makes a reference, numbers and booleans are literals. */
export function value(of: string | number | boolean, tag = 'value'): string {
  if (typeof of === 'number') return `<${tag}><numberValue>${of}</numberValue></${tag}>`;
  if (typeof of === 'boolean') return `<${tag}><booleanValue>${of}</booleanValue></${tag}>`;
  return of.startsWith('!')
    ? `<${tag}><elementReference>${of.slice(1)}</elementReference></${tag}>`
    : `<${tag}><stringValue>${of}</stringValue></${tag}>`;
}

export function fields(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(
      ([field, of]) => `<inputAssignments><field>${field}</field>${value(of)}</inputAssignments>`,
    )
    .join('');
}

export function create(
  name: string,
  object: string,
  values: Readonly<Record<string, string | number | boolean>>,
  rest = '',
): string {
  return `<recordCreates><name>${name}</name><label>${name}</label>${fields(values)}<object>${object}</object><storeOutputAutomatically>true</storeOutputAutomatically>${rest}</recordCreates>`;
}

export function filter(field: string, operator: string, of: string | number | boolean): string {
  return `<filters><field>${field}</field><operator>${operator}</operator>${value(of)}</filters>`;
}

export function get(
  name: string,
  object: string,
  filters: string,
  rest = '',
  first = true,
): string {
  return `<recordLookups><name>${name}</name><label>${name}</label>${filters}<getFirstRecordOnly>${first}</getFirstRecordOnly><object>${object}</object><storeOutputAutomatically>true</storeOutputAutomatically>${rest}</recordLookups>`;
}

export function condition(
  left: string,
  operator: string,
  right: string | number | boolean,
): string {
  return `<conditions><leftValueReference>${left}</leftValueReference><operator>${operator}</operator>${value(right, 'rightValue')}</conditions>`;
}

/** For tests: a decision with one outcome `<name>_Yes`. */
export function decide(
  name: string,
  conditions: string,
  yes: string,
  no: string | undefined,
  logic = 'and',
): string {
  const otherwise = no === undefined ? '' : go(no, 'defaultConnector');
  return `<decisions><name>${name}</name><label>${name}</label>${otherwise}<rules><name>${name}_Yes</name><conditionLogic>${logic}</conditionLogic>${conditions}${go(yes)}<label>Yes</label></rules></decisions>`;
}

export function assign(
  name: string,
  items: readonly (readonly [string, string, string | number | boolean])[],
  rest = '',
): string {
  const all = items.map(
    ([to, operator, of]) =>
      `<assignmentItems><assignToReference>${to}</assignToReference><operator>${operator}</operator>${value(of)}</assignmentItems>`,
  );
  return `<assignments><name>${name}</name><label>${name}</label>${all.join('')}${rest}</assignments>`;
}

export function variable(
  name: string,
  type: string,
  options: {
    collection?: boolean;
    input?: boolean;
    output?: boolean;
    object?: string;
    start?: string | number;
  } = {},
): string {
  const object = options.object === undefined ? '' : `<objectType>${options.object}</objectType>`;
  const start = options.start === undefined ? '' : value(options.start);
  return `<variables><name>${name}</name><dataType>${type}</dataType><isCollection>${options.collection === true}</isCollection><isInput>${options.input === true}</isInput><isOutput>${options.output === true}</isOutput>${object}${start}</variables>`;
}

export function formula(name: string, type: string, expression: string): string {
  const escaped = expression
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `<formulas><name>${name}</name><dataType>${type}</dataType><expression>${escaped}</expression></formulas>`;
}
