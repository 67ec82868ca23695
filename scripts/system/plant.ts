import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Connection } from 'jsforce';

import { readBridgeState } from '../verify/bridgeState.ts';
import { readLogFiles } from '../verify/logFiles.ts';
import { readOrg } from '../verify/orgRecords.ts';
import { endsOf, strangers } from '../verify/signals.ts';
import { startBroker } from './broker.ts';
import type { Child } from './child.ts';
import { connectFeed } from './feed.ts';
import { connectAdmin } from './orgSession.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';
import type { BridgeConfig, OrgState, World, WorldOptions } from './world.ts';

/** Longer than anything that is promised: the machine does much else. */
export const PATIENCE_MS = 60_000;
/** Of the heartbeat, so that no test waits a minute for what the bridge says of itself. */
const HEARTBEAT = { every: '10s', name: 'plant 1' };

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** An org, a broker and devices on an Asset each. What devices say is kept, to be held against what became of it. */
export interface Plant extends AsyncDisposable {
  readonly world: World;
  readonly broker: { readonly url: string };
  readonly state: OrgState;
  /** The process of the org. */
  readonly child: Child;
  /** The org by way of its administrator. */
  readonly org: Connection;
  /** Of a bridge that only has a policy for pressure; heartbeat every 10 s. */
  readonly config: BridgeConfig;
  /** Ids of the records by device key. */
  readonly assetOf: (key: string) => string;
  readonly deviceOf: (key: string) => string;
  /** A reading of vibration, a second of device time after the last. */
  readonly say: (device: string, vibration: number, type?: string) => Promise<void>;
  readonly rows: (soql: string) => Promise<readonly Row[]>;
  readonly create: (object: string, fields: object) => Promise<string>;
  /** Waits until so many signals are there and routed. */
  readonly untilSignals: (where: string, count: number) => Promise<readonly Row[]>;
  /**
   * Waits until all that was said is in the log of the bridge, every signal has an end with its reason in the org, and
   * the org has none that the bridge did not make.
   */
  readonly untilAllHasItsEnd: () => Promise<void>;
}

export interface PlantOptions extends WorldOptions {
  readonly devices: readonly string[];
  /** Called before the org starts, with the folder of its package; only with `without`. */
  readonly change?: (metadata: string) => Promise<void>;
}

/** The fields of signals that tests look at. */
const FIELDS =
  'Event_Key__c, Device_Key__c, Phase__c, Policy_Key__c, Policy_Version__c, Asset_Id__c, Asset__c, Account__c, ' +
  'Case__c, Disposition__c, Disposition_Reason__c, Explanation__c, Value__c';

export async function makePlant({ devices, change, ...options }: PlantOptions): Promise<Plant> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await makeWorld(options));
  await change?.(join(world.folder, 'force-app'));
  const broker = stack.use(await startBroker(world.folder));
  const { state, ...child } = await world.startOrg();
  const admin = await world.admin(state);
  const assets = await world.seed(
    admin,
    devices.map((key) => ({ key, type: 'pump' })),
  );
  const org = await connectAdmin(world, state);
  const rows = async (soql: string) => (await org.query<Row>(soql)).records;
  const ids = new Map(
    (await rows('SELECT Id, Device_Key__c FROM Signal_Device__c')).map((row) => [
      String(row['Device_Key__c']),
      String(row['Id']),
    ]),
  );
  const usual = await world.withPolicies(world.bridgeConfig(broker.url, state), [
    'pump-pressure-low',
  ]);
  const salesforce = { ...(usual['salesforce'] as object), heartbeat: HEARTBEAT };
  const feed = stack.use(await connectFeed(broker.url));
  const said: string[] = [];
  let at = Date.now() - 600_000;
  const database = join(world.folder, 'bridge/bridge.sqlite');

  /** What is lacking, a sentence each. */
  async function lacking(): Promise<readonly string[]> {
    const logged = new Set(
      readLogFiles(join(world.folder, 'bridge/log')).map(({ topic, payload }) =>
        nameOf(topic, Buffer.from(payload).toString()),
      ),
    );
    const evidence = {
      bridge: readBridgeState(database),
      org: await readOrg(rows),
      fleet: { acknowledged: [], faults: [], storms: [], complete: true },
    };
    return [
      ...said.filter((one) => !logged.has(one)).map((one) => `not in the log: ${one}`),
      ...[...endsOf(evidence)].flatMap(([{ device, phase }, end]) =>
        end.kind === 'none' ? [`${phase} of ${device}: ${end.why}`] : [],
      ),
      ...strangers(evidence).map(({ device }) => `a signal of ${device} that nobody made`),
    ];
  }

  const owned = stack.move();
  return {
    ...{ world, broker, state, child, org, rows },
    config: { ...usual, salesforce },
    assetOf: (key) => assets.get(key) ?? '',
    deviceOf: (key) => ids.get(key) ?? '',
    async say(device, vibration, type = 'pump') {
      at += 1_000;
      const topic = `plant/${type}/${device}/telemetry`;
      const payload = JSON.stringify({ ts: new Date(at).toISOString(), metrics: { vibration } });
      await feed.send(topic, payload);
      said.push(nameOf(topic, payload));
    },
    async create(object, fields) {
      const saved = await org.sobject(object).create(fields);
      assert.ok(saved.success, JSON.stringify(saved));
      return saved.id;
    },
    untilSignals: (where, count) =>
      waitFor(
        `${count} signals ${where}`,
        async () => {
          const found = await rows(
            `SELECT ${FIELDS} FROM Asset_Signal__c WHERE ${where} AND Disposition__c != 'Received' ORDER BY Occurred_At_Ms__c`,
          );
          return found.length === count ? found : undefined;
        },
        PATIENCE_MS,
        200,
      ),
    async untilAllHasItsEnd() {
      let last: readonly string[] = [];
      const isAll = async () => {
        last = await lacking();
        return last.length === 0 || undefined;
      };
      await waitFor('nothing is lost', isAll, PATIENCE_MS, 500).catch((error: unknown) =>
        assert.deepEqual(last, [], String(error)),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const nameOf = (topic: string, payload: string): string => `${topic} ${payload}`;

/** A policy on vibration as a service manager saves it; opens above 9, ends below 6, and nothing waits for others. */
export const vibrationPolicy = (key: string, fields: object = {}) => ({
  Name: `Limit ${key}`,
  Policy_Key__c: key,
  Active__c: true,
  Route__c: 'Case',
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Detector__c: 'threshold',
  Direction__c: 'above',
  Limit__c: 9,
  Clear_Limit__c: 6,
  Metric__c: 'vibration',
  Latency_Class__c: 'Immediate',
  ...fields,
});

/** Waits until the bridge has said that of a policy; answers its message. */
export const untilTold = (
  { rows }: Pick<Plant, 'rows'>,
  key: string,
  status: string,
  version?: number,
): Promise<string> =>
  waitFor(
    `${key} is ${status}`,
    async () => {
      const [record] = await rows(
        `SELECT Bridge_Status__c, Bridge_Message__c, Version__c FROM Signal_Policy__c WHERE Policy_Key__c = '${key}'`,
      );
      const isSo =
        record?.['Bridge_Status__c'] === status &&
        (version === undefined || record['Version__c'] === version);
      return isSo ? String(record['Bridge_Message__c'] ?? '') : undefined;
    },
    PATIENCE_MS,
    50,
  );
