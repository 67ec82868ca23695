import { join } from 'node:path';

import { parseAssumptions, type Assumptions } from '../../src/automation/assumptions.ts';
import { makeAutomation, type Automation } from '../../src/automation/makeAutomation.ts';
import type { ScreenFlows } from '../../src/automation/screenFlows.ts';
import type { SentMail } from '../../src/automation/outbox.ts';
import type { Allocations } from '../../src/events/usage.ts';
import { compileFlows } from '../../src/flow/compile.ts';
import { makeFormulas } from '../../src/flow/formulaFields.ts';
import type { LimitUse } from '../../src/flow/limits.ts';
import type { CompiledFlow, FlowStep } from '../../src/flow/runtime.ts';
import { loadMetadata } from '../../src/metadata/load.ts';
import type { OrgMetadata } from '../../src/metadata/schema.ts';
import type { Actor, FieldValue, RecordData, SaveOutcome } from '../../src/store/records.ts';
import { seedOrg } from '../../src/store/seed.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import { breakable, type Breakage } from './breakable.ts';
import { makeCoverage } from './coverage.ts';
import { stage } from './stage.ts';
import { findTriage, insertPeople, insertPump, type StartingIds } from './startingRecords.ts';
import { makeTestUsers, type TestUser } from '../../src/automation/testUsers.ts';

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

/** The package in a fresh org in memory, with one device on one asset of one account. */
export interface PackageOrg {
  readonly ids: StartingIds;
  /** Publishes events as the bridge user in one batch, and runs everything they set off. */
  publish(...events: readonly RecordData[]): Promise<void>;
  /** What was published to an event object since the org was made, oldest first. */
  published(eventObject: string): RecordData[];
  rows(object: string): RecordData[];
  /** The only row of an object. */
  only(object: string): RecordData;
  insert(object: string, values: RecordData): string;
  /** @param as `person`, `bridge` or the id of a user */
  update(object: string, id: string, changes: RecordData, as?: string): Promise<void>;
  /** Saves or deletes rows in one call, each for itself, as APIs do unless asked otherwise. */
  saveAll(
    how: 'insert' | 'update' | 'delete',
    object: string,
    rows: readonly RecordData[],
    as?: string,
  ): Promise<SaveOutcome[]>;
  /** Changes a row past rules and flows, as one that is older than they are. */
  plant(object: string, id: string, changes: RecordData): void;
  remove(object: string, id: string): void;
  break(breakage: Breakage): void;
  /** Moves the clock on, and runs what has become due. */
  later(minutes: number): Promise<void>;
  /** Runs what is due; ends early where `stopAfter` stops the org. */
  run(): Promise<void>;
  /** Publishes without running anything. */
  publishOnly(...events: readonly RecordData[]): void;
  /** Stops the org at the end of the next transaction in which this flow runs; `run` starts it again. */
  stopAfter(flow: string): void;
  /** Stops the org, and starts it again with other metadata: the customer's own flows or rules. */
  deploy(change: (metadata: OrgMetadata) => OrgMetadata): Promise<void>;
  /** The reading of what no source settles that this org follows. */
  readonly assumptions: Assumptions;
  readonly steps: FlowStep[];
  /** The transactions so far, oldest first. */
  readonly transactions: readonly TransactionUse[];
  /** What flows have sent. */
  readonly sent: SentMail;
  /** See `openFlow`. */
  readonly screenFlows: ScreenFlows;
  /** The id of a user with these rights. */
  userId(user: TestUser): string;
  /** Gives back the memory it takes; nothing may be asked of it afterwards. */
  close(): void;
}

/** An org before a test does anything, to make others from. */
interface Beginning {
  readonly image: Uint8Array;
  readonly automatedProcess: Actor;
  readonly ids: StartingIds;
  /** How many events of each object there have been. */
  readonly events: ReadonlyMap<string, number>;
}

/* By the bound flows and the assumptions. */
const beginnings = new WeakMap<ReadonlyMap<string, CompiledFlow>, Map<string, Beginning>>();

/** What one transaction of the platform took. */
export interface TransactionUse {
  readonly flows: ReadonlySet<string>;
  readonly most: LimitUse;
}

/**
 * @param assume readings of what no source settles; they win over those of the stage
 * @param customized what the customer's administrator made of the objects
 * @param allocations what may be published and delivered; left out, as much as an Enterprise org has
 */
export async function makePackageOrg(
  assume: readonly string[] = [],
  allocations?: Allocations,
  customized: (metadata: OrgMetadata) => OrgMetadata = (as) => as,
): Promise<PackageOrg> {
  const adapted = customized(metadata);
  let time = Date.parse('2026-11-23T06:00:00Z');
  const clock = { now: () => time };
  const readings = parseAssumptions([...(stage().assume ?? []), ...assume]);
  const assumptions = told(readings, stage().onAsked);
  const bound = stage().flows?.bound ?? flows;
  // Orgs that begin alike are copies of the first.
  const isUsual = adapted === metadata && allocations === undefined;
  const begun = isUsual ? beginnings.get(bound)?.get(JSON.stringify(readings)) : undefined;
  const formulas = makeFormulas(adapted, clock);
  const real = openStore(':memory:', adapted, clock, formulas, undefined, begun?.image);
  let broken: Breakage = {};
  let gets = 0;
  const store = breakable(
    real,
    () => broken,
    () => (gets += 1),
  );
  const automatedProcess = begun?.automatedProcess ?? seedOrg(store, adapted).automatedProcess;
  const users = makeTestUsers(store, adapted, automatedProcess);
  const steps: FlowStep[] = [];
  const transactions: TransactionUse[] = [];
  let counted = 0;
  let lastFlow: string | undefined;
  const start = (deployed: OrgMetadata): Automation =>
    makeAutomation({
      metadata: deployed,
      flows: compileFlows(deployed, isUsual ? bound : undefined),
      store,
      clock,
      assumptions,
      faults: [],
      ...(allocations !== undefined && { allocations }),
      logger: { warn: () => undefined, error: () => undefined },
      access: users.access,
      recorder: (step) => {
        steps.push(step);
        coverage.add(step);
      },
      watcher: {
        started: (interview) => coverage.begin(interview),
        entering: () => undefined,
        left: () => undefined,
        ended: () => undefined,
      },
      meter: (most) => {
        // Transactions come one after another, and so do their steps.
        const own = new Set(steps.slice(counted).map(({ flow }) => flow));
        counted = steps.length;
        transactions.push({ flows: own, most });
        if (lastFlow === undefined || !own.has(lastFlow)) return;
        lastFlow = undefined;
        isStopped = true;
        automation.stop();
      },
    });
  const installed = { ...adapted, flows: stage().flows?.files ?? adapted.flows };
  let isStopped = false;
  let automation = start(installed);
  const people = begun?.ids ?? insertPeople(store, automatedProcess);
  const { bridgeUser, person } = people;
  const actors = { bridge: { userId: bridgeUser }, person: { userId: person } };
  const actorOf = (who: string): Actor =>
    who === 'bridge' || who === 'person' ? actors[who] : { userId: who };
  const insert = (object: string, values: RecordData): string =>
    idOf(object, automation.dml.insert(object, [values], actors.person, { allOrNone: true })[0]);
  const ids = begun?.ids ?? { ...people, ...insertPump(insert), triage: findTriage(store) };
  automation.start();
  const run = async (): Promise<void> => {
    if (isStopped) automation.start();
    isStopped = false;
    try {
      await automation.idle();
    } catch (error) {
      if (!isStopped) throw error;
    }
  };
  const publishOnly = (...events: readonly RecordData[]): void => {
    const topic = automation.bus.topic('/event/Asset_Signal__e');
    if (topic === undefined) throw new Error('no topic');
    // One transaction, so that the flow gets them as one batch.
    store.transaction(() => {
      for (const fields of events) {
        const outcome = automation.bus.publishRecord(topic.object, fields, bridgeUser);
        if (!outcome.ok) throw new Error(outcome.message);
      }
    });
  };

  const read = (eventObject: string): RecordData[] => {
    const topic = automation.bus.topic(`/event/${eventObject}`);
    if (topic === undefined) throw new Error(`no event ${eventObject}`);
    const events = automation.bus.read(topic.name, automation.bus.earliest(), 1000);
    return events.map((stored) => automation.bus.toRecord(topic, stored));
  };
  const eventObjects = [...adapted.objects.keys()].filter((name) => name.endsWith('__e'));
  if (begun === undefined) {
    // The records to begin with set flows off, too; what those did is not what a test asks about.
    await run();
    for (const { Id } of store.select({ object: 'Signal_Failure__c' }))
      store.writeDelete('Signal_Failure__c', String(Id), actors.person);
  }
  const before = begun?.events ?? new Map(eventObjects.map((name) => [name, read(name).length]));
  if (begun === undefined && isUsual) {
    const known = beginnings.get(bound) ?? new Map<string, Beginning>();
    const image = store.sql.serialize();
    known.set(JSON.stringify(readings), { image, automatedProcess, ids, events: before });
    beginnings.set(bound, known);
  }
  steps.length = transactions.length = counted = 0;

  const org: PackageOrg = {
    ids,
    publish: async (...events) => {
      publishOnly(...events);
      await run();
    },
    published: (eventObject) => read(eventObject).slice(before.get(eventObject)),
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
      const [outcome] = automation.dml.update(object, [record], actorOf(as), { allOrNone: true });
      idOf(object, outcome);
      await run();
    },
    saveAll: async (how, object, rows, as = 'person') => {
      const { dml } = automation;
      const each = { allOrNone: false };
      const outcomes =
        how === 'delete'
          ? dml.delete(
              object,
              rows.map(({ Id }) => String(Id)),
              actorOf(as),
              each,
            )
          : dml[how](object, rows, actorOf(as), each);
      await run();
      return outcomes;
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
    later: async (minutes) => {
      time += minutes * 60_000;
      automation.wake();
      await run();
    },
    run,
    publishOnly,
    stopAfter: (flow) => {
      lastFlow = flow;
    },
    deploy: async (change) => {
      automation.stop();
      automation = start(change(installed));
      isStopped = true;
      await run();
    },
    assumptions,
    steps,
    transactions,
    get sent() {
      return automation.sent;
    },
    get screenFlows() {
      return automation.screenFlows;
    },
    userId: (user) => users.idOf(user),
    close: () => {
      automation.stop();
      real.close();
    },
  };
  stage().onMade?.(org);
  return org;
}

/** The readings, with somebody told whenever one is looked up. */
function told(readings: Assumptions, onAsked: ((rule: string) => void) | undefined): Assumptions {
  if (onAsked === undefined) return readings;
  return new Proxy(readings, {
    get: (all, rule, self) => {
      onAsked(String(rule));
      return Reflect.get(all, rule, self) as unknown;
    },
  });
}

function idOf(object: string, outcome: SaveOutcome | undefined): string {
  if (outcome?.ok === true) return outcome.id;
  throw new Error(`${object}: ${JSON.stringify(outcome?.errors)}`);
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
