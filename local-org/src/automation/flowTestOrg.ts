import { makeField } from '../metadata/systemFields.ts';
import { auditFields, eventFields, ownerField } from '../metadata/systemFields.ts';
import type {
  FieldDef,
  ObjectDef,
  OrgMetadata,
  PermissionSetDef,
  ValidationRuleDef,
} from '../metadata/schema.ts';
import { makeCodec } from '../events/codec.ts';
import type { PublishOutcome } from '../events/bus.ts';
import { makeFormulas } from '../flow/formulaFields.ts';
import type { FlowStep } from '../flow/runtime.ts';
import type { Actor, RecordData, SaveOutcome } from '../store/records.ts';
import { makeFlowRuns, type FlowRuns } from '../runs/flowRuns.ts';
import { seedOrg } from '../store/seed.ts';
import { openStore, type OpenStore } from '../store/sqliteStore.ts';
import { TEST_TIME, testMetadata } from '../store/testOrg.ts';
import { parseAssumptions } from './assumptions.ts';
import { makeAutomation, type Automation } from './makeAutomation.ts';
import { makeTestUsers, type TestUsers } from './testUsers.ts';

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
    makeField('Place__c', 'Place', 'Location', { scale: 6, system: true }),
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
  readonly runs: FlowRuns;
  readonly users: TestUsers;
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

function withJobFields(metadata: OrgMetadata, fields: readonly FieldDef[]): OrgMetadata {
  const changed = new Map(metadata.objects);
  const job = changed.get('Job__c');
  if (job !== undefined) {
    const more = fields.map((field) => [field.name, field] as const);
    changed.set('Job__c', { ...job, fields: new Map([...job.fields, ...more]) });
  }
  return { ...metadata, objects: changed };
}

/** For tests: an org with these flows, started, in memory unless a path is given. */
export function openFlowTestOrg(
  flows: Readonly<Record<string, string>>,
  options: {
    assume?: readonly string[];
    faults?: readonly string[];
    path?: string;
    stopped?: boolean;
    rules?: readonly ValidationRuleDef[];
    /** How many runs of flows are kept; none unless given. */
    flowRuns?: number;
    dailyEmailAddresses?: number;
    /** What the clock shows first. */
    time?: number;
    /** What `Job__c` has besides. */
    jobFields?: readonly FieldDef[];
    /** That users may hold. */
    permissionSets?: readonly PermissionSetDef[];
    /** Organization-wide defaults by object; left out, Public Read/Write. */
    sharing?: Parameters<typeof makeTestUsers>[3];
  } = {},
): FlowTestOrg {
  const metadata = {
    ...withJobFields(flowTestMetadata(flows), options.jobFields ?? []),
    validationRules: options.rules ?? [],
    permissionSets: new Map([
      ...testMetadata.permissionSets,
      ...(options.permissionSets ?? []).map((set) => [set.name, set] as const),
    ]),
  };
  const clock = {
    time: options.time ?? TEST_TIME,
    now(): number {
      return this.time;
    },
  };
  const store = openStore(
    options.path ?? ':memory:',
    metadata,
    clock,
    makeFormulas(metadata, clock),
  );
  const { organizationId, automatedProcess: actor } = seedOrg(store, metadata);
  const users = makeTestUsers(store, metadata, actor, options.sharing);
  const logged: string[] = [];
  const steps: FlowStep[] = [];
  const runs = makeFlowRuns(store, clock, options.flowRuns ?? 0);
  let count = 0;
  const automation = makeAutomation({
    metadata,
    store,
    clock,
    assumptions: parseAssumptions(options.assume ?? []),
    faults: options.faults ?? [],
    ...(options.dailyEmailAddresses === undefined
      ? {}
      : { dailyEmailAddresses: options.dailyEmailAddresses }),
    logger: { warn: (message) => logged.push(message), error: (message) => logged.push(message) },
    access: users.access,
    recorder: (step) => steps.push(step),
    watcher: runs.watcher,
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
    runs,
    users,
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
