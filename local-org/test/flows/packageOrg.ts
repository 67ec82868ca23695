import { join } from 'node:path';

import { parseAssumptions } from '../../src/automation/assumptions.ts';
import { makeAutomation } from '../../src/automation/makeAutomation.ts';
import type { Allocations } from '../../src/events/usage.ts';
import { compileFlows } from '../../src/flow/compile.ts';
import { makeFormulas } from '../../src/flow/formulaFields.ts';
import type { FlowStep } from '../../src/flow/runtime.ts';
import { QueryFault } from '../../src/flow/selection.ts';
import { loadMetadata } from '../../src/metadata/load.ts';
import type { OrgMetadata } from '../../src/metadata/schema.ts';
import type { FieldValue, RecordData, RecordStore, SaveOutcome } from '../../src/store/records.ts';
import { findOrCreateProfile, insertRow, seedOrg } from '../../src/store/seed.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import { makeCoverage } from './coverage.ts';

const source = join(import.meta.dirname, '../../../force-app');
/** The package as it is. */
export const metadata = loadMetadata([source]);

/** The package's flows, bound. */
export const flows = compileFlows(metadata);

/** Every element of the package's flows: `Flow.Element`. */
export const elements: ReadonlySet<string> = new Set(
  [...flows].flatMap(([name, { steps }]) =>
    [...steps.keys()].map((element) => `${name}.${element}`),
  ),
);

/** What the tests of this process have reached in the package's flows. */
export const coverage = makeCoverage();

/** What is to go wrong next. */
export interface Breakage {
  /** Objects whose Get Records faults. */
  readonly get?: readonly string[];
  /** From which of those Get Records on they fault, counted from 1 at the breaking. */
  readonly getFrom?: number;
  /** Objects whose rows cannot be written, with the operation. */
  readonly write?: readonly `${'insert' | 'update'} ${string}`[];
}

/** The package in a fresh org in memory, with one device on one asset of one account. */
export interface PackageOrg {
  readonly ids: {
    readonly account: string;
    readonly asset: string;
    readonly device: string;
    readonly policy: string;
    readonly bridgeUser: string;
    readonly person: string;
    readonly triage: string;
  };
  /** Publishes events as the bridge user in one batch, and runs everything they set off. */
  publish(...events: readonly RecordData[]): Promise<void>;
  /** What was published to an event object since the org was made, oldest first. */
  published(eventObject: string): RecordData[];
  rows(object: string): RecordData[];
  /** The only row of an object. */
  only(object: string): RecordData;
  insert(object: string, values: RecordData): string;
  update(object: string, id: string, changes: RecordData, as?: 'person' | 'bridge'): Promise<void>;
  /** Changes a row past rules and flows, as one that is older than they are. */
  plant(object: string, id: string, changes: RecordData): void;
  remove(object: string, id: string): void;
  break(breakage: Breakage): void;
  readonly steps: FlowStep[];
}

/** What the orgs of this process run, and who looks at them; for tests that change the package's flows. */
interface Stage {
  readonly flows: OrgMetadata['flows'];
  readonly onMade?: (org: PackageOrg) => void;
}
let stage: Stage = { flows: metadata.flows };

/** From now on orgs are made with these flows, and shown to `onMade`. */
export function setStage(next: Stage): void {
  stage = next;
}

/** @param allocations what may be published and delivered; left out, as much as an Enterprise org has */
export async function makePackageOrg(
  assume: readonly string[] = [],
  allocations?: Allocations,
): Promise<PackageOrg> {
  const clock = { now: () => Date.parse('2026-11-23T06:00:00Z') };
  const real = openStore(':memory:', metadata, clock, makeFormulas(metadata, clock));
  let broken: Breakage = {};
  let gets = 0;
  const store = breakable(
    real,
    () => broken,
    () => (gets += 1),
  );
  const { automatedProcess } = seedOrg(store, metadata);
  const steps: FlowStep[] = [];
  const automation = makeAutomation({
    metadata: { ...metadata, flows: stage.flows },
    store,
    clock,
    assumptions: parseAssumptions(assume),
    faults: [],
    ...(allocations !== undefined && { allocations }),
    logger: { warn: () => undefined, error: () => undefined },
    recorder: (step) => {
      steps.push(step);
      coverage.add(step);
    },
  });
  const profile = findOrCreateProfile(store, 'Standard User', automatedProcess);
  const user = (name: string): string =>
    insertRow(
      store,
      'User',
      {
        Username: `${name}@example.test`,
        LastName: name,
        Alias: name.slice(0, 8),
        ProfileId: profile,
      },
      automatedProcess,
    );
  const bridgeUser = user('bridge');
  const person = user('person');
  const actors = { bridge: { userId: bridgeUser }, person: { userId: person } };
  const insert = (object: string, values: RecordData): string =>
    idOf(object, automation.dml.insert(object, [values], actors.person, { allOrNone: true })[0]);
  const account = insert('Account', { Name: 'Northwind' });
  const asset = insert('Asset', { Name: 'Pump 1', AccountId: account });
  const device = insert('Signal_Device__c', {
    Name: 'pump-001',
    Device_Key__c: 'pump-001',
    Asset__c: asset,
  });
  const policy = insert('Signal_Policy__c', {
    Name: 'Vibration too high',
    Policy_Key__c: 'vibration',
    Route__c: 'Case',
    Queue__c: 'Signal_Triage',
    Closed_Status__c: 'Closed',
  });
  const groups = store.select({ object: 'Group' });
  const triage = groups.find(({ DeveloperName }) => DeveloperName === 'Signal_Triage')?.['Id'];
  automation.start();

  const org: PackageOrg = {
    ids: { account, asset, device, policy, bridgeUser, person, triage: String(triage) },
    publish: async (...events) => {
      const topic = automation.bus.topic('/event/Asset_Signal__e');
      if (topic === undefined) throw new Error('no topic');
      // One transaction, so that the flow gets them as one batch.
      store.transaction(() => {
        for (const fields of events) {
          const outcome = automation.bus.publishRecord(topic.object, fields, bridgeUser);
          if (!outcome.ok) throw new Error(outcome.message);
        }
      });
      await automation.idle();
    },
    published: (eventObject) => {
      const topic = automation.bus.topic(`/event/${eventObject}`);
      if (topic === undefined) throw new Error(`no event ${eventObject}`);
      const events = automation.bus.read(topic.name, automation.bus.earliest(), 1000);
      return events.map((stored) => automation.bus.toRecord(topic, stored));
    },
    rows: (object) => store.select({ object }),
    only: (object) => {
      const rows = store.select({ object });
      if (rows.length !== 1 || rows[0] === undefined) {
        throw new Error(`${object}: ${rows.length} rows, one was expected`);
      }
      return rows[0];
    },
    insert,
    update: async (object, id, changes, as = 'person') => {
      const record = { ...changes, Id: id };
      const [outcome] = automation.dml.update(object, [record], actors[as], { allOrNone: true });
      idOf(object, outcome);
      await automation.idle();
    },
    plant: (object, id, changes) => {
      idOf(object, store.writeUpdate(object, id, changes, actors.person));
    },
    remove: (object, id) => {
      idOf(object, automation.dml.delete(object, [id], actors.person, { allOrNone: true })[0]);
    },
    break: (breakage) => {
      broken = breakage;
      gets = 0;
    },
    steps,
  };
  stage.onMade?.(org);
  return org;
}

function idOf(object: string, outcome: SaveOutcome | undefined): string {
  if (outcome?.ok === true) return outcome.id;
  throw new Error(`${object}: ${JSON.stringify(outcome?.errors)}`);
}

/** The store with faults put in: a lookup that fails, a row the platform refuses. */
function breakable<T extends RecordStore>(
  store: T,
  broken: () => Breakage,
  countGet: () => number,
): T {
  const refuse = (kind: 'insert' | 'update', target: string): SaveOutcome | undefined =>
    broken().write?.includes(`${kind} ${target}`) === true
      ? {
          ok: false,
          errors: [
            { statusCode: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: 'refused by a test', fields: [] },
          ],
        }
      : undefined;
  return {
    ...store,
    select: (query) => {
      const { get, getFrom = 1 } = broken();
      if (get?.includes(query.object) === true && countGet() >= getFrom)
        throw new QueryFault('a get broken by a test');
      return store.select(query);
    },
    writeInsert: (object, values, actor) =>
      refuse('insert', object) ?? store.writeInsert(object, values, actor),
    writeUpdate: (object, id, changes, actor) =>
      refuse('update', object) ?? store.writeUpdate(object, id, changes, actor),
  };
}

/** An event of one episode as the bridge sends it; `at` is minutes after the start. */
export function event(
  phase: 'Opened' | 'Updated' | 'Cleared',
  at = 0,
  changes: Readonly<Record<string, FieldValue>> = {},
): RecordData {
  const ms = Date.parse('2026-11-23T05:00:00Z') + at * 60_000;
  return {
    Event_Key__c: `episode-1 ${phase} ${at}`,
    Episode_Key__c: 'episode-1',
    Phase__c: phase,
    Schema_Version__c: 1,
    Signal_Type__c: 'fault.vibration-high',
    Severity__c: 'Medium',
    Confidence__c: 0.9,
    Device_Key__c: 'pump-001',
    Occurred_At__c: new Date(ms).toISOString(),
    Occurred_At_Ms__c: ms,
    Explanation__c: 'Vibration rose to 8.4 mm/s.',
    Policy_Key__c: 'vibration',
    Policy_Version__c: 3,
    Detector__c: 'threshold',
    Source__c: 'fleet',
    ...changes,
  };
}
