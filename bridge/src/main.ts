import { join } from 'node:path';
import { makeBudgets } from './budgets.ts';
import { makeCharts } from './charts.ts';
import { parseCommand } from './cli.ts';
import { runErrand } from './commands.ts';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/load.ts';
import { ConfigError } from './config/problems.ts';
import { makeDecoder, topicFilters } from './core/decode/decoder.ts';
import { makeEngine } from './core/engine.ts';
import { EnvironmentError, makeEnvironmentGuard } from './environment.ts';
import { makeHeartbeat } from './heartbeat.ts';
import { startHttp } from './edge/http.ts';
import { makeMqttIngress } from './edge/ingress/mqtt.ts';
import { openDatabase, StorageError } from './edge/log/database.ts';
import { openDurableLog } from './edge/log/durableLog.ts';
import { makeSqliteOutbox } from './edge/log/sqliteOutbox.ts';
import { makeSqlitePlaces } from './edge/log/sqlitePlaces.ts';
import { collectWhenIdle } from './edge/memory/collectWhenIdle.ts';
import { writeReadyFile } from './edge/readyFile.ts';
import { openFileStateStore } from './edge/state/fileStateStore.ts';
import { makeOldStates } from './edge/state/oldStates.ts';
import { openSqliteAttic } from './edge/state/sqliteAttic.ts';
import { makeOrg } from './edge/salesforce/org.ts';
import { openIdentityCopy } from './edge/identity/identityCopy.ts';
import { makeLogger } from './edge/telemetry/logger.ts';
import { makeLoadMeter } from './edge/telemetry/load.ts';
import { makeMetrics } from './edge/telemetry/metrics.ts';
import { toEpochMs, toLogPosition } from './model/brand.ts';
import type { DeviceKey } from './model/brand.ts';
import { withAttic } from './pipeline/aside.ts';
import { makeBreakers } from './pipeline/breaker.ts';
import { runDeliver } from './pipeline/deliver.ts';
import { makeDirectory } from './pipeline/directory.ts';
import { withBudget } from './pipeline/governedPublisher.ts';
import { makeHandOff } from './pipeline/handOff.ts';
import { runHousekeeping } from './pipeline/housekeeping.ts';
import { runIdentity } from './pipeline/identity.ts';
import { makeQueueCheck } from './pipeline/listening.ts';
import { runNotices } from './pipeline/notices.ts';
import { makeOrgState } from './pipeline/orgState.ts';
import { makePace } from './pipeline/pace.ts';
import { runPolicies } from './pipeline/policies.ts';
import { runProcess } from './pipeline/process.ts';
import { runPipeline } from './pipeline/run.ts';
import { makeSnapshots } from './pipeline/snapshots.ts';
import { readChecks, readGauges, watchLog } from './pipeline/status.ts';
import { makeUplink } from './pipeline/uplink.ts';
import { makeWakeup } from './pipeline/wakeup.ts';
import type { Logger } from './ports/telemetry.ts';
import { makeReceiving } from './receipts.ts';
import { composeShedding, makeWaits } from './urgency.ts';
import { UsageError } from './usageError.ts';

/**
 * What the last events may take to reach the org at a stop. With the second after it and the
 * farewell to the broker it stays below 10 s, after which Docker kills a container.
 */
const DRAIN_MS = 7_000;

/** Composition root: reads top to bottom in the order a reading takes. */
async function run(config: Config, logger: Logger, stop: AbortSignal): Promise<void> {
  const { salesforce, dataDir } = config;
  const clock = () => toEpochMs(Date.now());
  const appended = makeWakeup();
  const handOff = makeHandOff(appended);
  const recorded = makeWakeup();
  const guard = makeEnvironmentGuard(config);

  const file = join(dataDir, 'bridge.sqlite');
  using storage = openDatabase(file);
  using outbox = makeSqliteOutbox(storage.database, file, { waitsUntil: makeWaits(config) });
  const states = await openFileStateStore({ folder: join(dataDir, 'state'), logger });
  const old = makeOldStates(storage.database);
  const processed = (states.newest() ?? old.load())?.cursor ?? toLogPosition(0);
  const { database } = storage;
  const quarantineMaxBytes = config.quarantine.maxBytes;
  const storageOptions = { database, file, processed, logger, quarantineMaxBytes };
  await using durable = await openDurableLog(storageOptions);
  const log = watchLog(durable);
  const progress = { position: processed };

  const connections = config.connections.map((connection) => ({
    ...connection,
    sessionExpiryMs: connection.sessionExpiry,
    keepaliveMs: connection.keepalive,
    maxPacketBytes: connection.maxPacketSize,
    filters: topicFilters(config.mappings.filter((one) => one.connection === connection.name)),
  }));
  const ingress = makeMqttIngress(connections, { packetIds: durable.packetIds, clock, logger });
  const decoded = { quick: 0, judged: 0 };
  const decode = makeDecoder(config.mappings, decoded);
  using attic = openSqliteAttic(join(dataDir, 'state', 'attic.sqlite'));
  const recall = (device: DeviceKey) => attic.take(device)?.state;
  const inMemory = makeEngine(config.policies, { recall });
  const engine = withAttic(inMemory, attic, config.detection.toDiskAfter);
  const snapshots = makeSnapshots({ store: states, engine, old, attic, clock, logger });
  const charts = makeCharts(config);
  const places = makeSqlitePlaces(storage.database, file);
  const org = makeOrgState(salesforce.loginUrl, logger);
  const parts = makeOrg(salesforce, places, clock, guard.admission, org.note);
  const { login, identitySource, unmatched, publisher, receipts, notices, views, reports } = parts;
  await guard.begin(login);
  using copy = openIdentityCopy(join(dataDir, 'identity.sqlite'));
  const { first: firstMs, max: maxMs, maxAttempts } = salesforce.retry;
  const backoff = { firstMs, maxMs };
  const pace = makePace(salesforce.pace);
  const breakers = makeBreakers(backoff, { clock, logger });

  const delivery = { org, breakers, pace };
  const heard = { listening: false };
  const wake = { Identity: makeWakeup(), Policy: makeWakeup() };
  const caughtUp = Promise.withResolvers<void>();
  const load = makeLoadMeter();
  const state = { engine, attic, snapshots };
  const heartbeat = makeHeartbeat(config, { clock, logger });
  const { limits } = heartbeat;
  using budgets = makeBudgets(config, { outbox, limits, apiCalls: parts.apiCalls, clock, logger });
  const { governor } = budgets;
  const receiving = makeReceiving(config, { receipts, places, clock, logger });
  const view = {
    ...{ log, outbox, progress, ingress, decoded, state },
    ...delivery,
    receiving: receiving.status,
    ...{ heard, clock, identity: { copy, trustForMs: salesforce.identity.trustFor } },
    ...{ telemetry: charts?.status, limits, budgets: budgets.view },
  };
  const metrics = makeMetrics(() => readGauges(view));
  const counters = budgets.counting(heartbeat.counting(metrics.counters));
  const checks = () => readChecks(view);
  const http = await startHttp({ ...config.http, checks, metrics });
  using readyFile = writeReadyFile(dataDir, { httpUrl: http.url, pid: process.pid });
  logger.info({ httpUrl: http.url, readyFile: readyFile.file }, 'the bridge is running');
  collectWhenIdle();

  const common = { log, outbox, clock, counters, logger, load };
  const isListening = () => ingress.status().listening;
  const hasHeardAll = makeQueueCheck(() => ingress.status());
  const detection = {
    ...{ decode, engine, snapshots, heard: charts?.heard, progress },
    onCaughtUp: caughtUp.resolve,
  };
  await runPipeline(
    {
      ingress,
      uplink: (signal) => makeUplink({ ...common, decode, handOff, signal }),
      process: (signal) =>
        runProcess(
          { ...common, ...detection, handOff, appended, recorded, isListening, hasHeardAll },
          signal,
        ),
      deliver: (signal) =>
        runDeliver(
          {
            ...common,
            ...delivery,
            ...{ recorded, backoff, maxAttempts, governor },
            publisher: withBudget(publisher, governor),
            shedding: composeShedding(config, { ...common, governor }),
            directory: makeDirectory({ ...common, ...view.identity }),
            breaker: breakers.publish,
          },
          signal,
        ),
      receipts: receiving.stage({
        ...{ ...common, org, pace, recorded, governor, breaker: breakers.receipts },
      }),
      housekeeping: (signal) =>
        runHousekeeping(
          {
            ...common,
            states,
            logRetentionMs: config.log.retention,
            logMaxBytes: config.log.maxBytes,
            quarantineRetentionMs: config.quarantine.retention,
            outboxRetentionMs: config.outbox.retention,
          },
          signal,
        ),
      beside: [
        budgets.stage,
        (signal) =>
          runIdentity(
            {
              ...{ ...common, org, backoff, copy, unmatched },
              ...{ source: identitySource, changed: wake.Identity },
              everyMs: salesforce.identity.every,
              compareEveryMs: salesforce.identity.compareEvery,
            },
            signal,
          ),
        (signal) =>
          runPolicies(
            {
              ...{ ...common, engine, file: config.policies, copy, handOff, appended, progress },
              ...{ source: parts.policies, changed: wake.Policy, caughtUp: caughtUp.promise },
              ...{ org, backoff, everyMs: salesforce.policies.every },
            },
            signal,
          ),
        (signal) =>
          runNotices(
            { ...common, notices, inbox: charts?.inbox, wake, org, backoff, status: heard },
            signal,
          ),
        ...(charts === undefined
          ? []
          : [charts.stage({ ...common, decode, views, org, processed, progress, governor })]),
      ],
      report: heartbeat.stage({ reports, outbox, org, counters, view }),
      publisher,
      logger,
      drainMs: DRAIN_MS,
    },
    AbortSignal.any([stop, guard.foreign]),
  );
  heartbeat.keep();
  guard.throwIfForeign();
  await http.close();
  logger.info({}, 'the bridge has stopped');
}

/** Answers the exit code. */
async function main(): Promise<number> {
  const logger = makeLogger();
  try {
    const command = parseCommand(process.argv.slice(2));
    if (command.kind !== 'run') {
      const { text, code } = await runErrand(command, process.env);
      process.stdout.write(`${text}\n`);
      return code;
    }
    const config = loadConfig(command.configFile, process.env);
    const stop = new AbortController();
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
    await run(config, logger, stop.signal);
    return 0;
  } catch (error) {
    const wrongInput =
      error instanceof ConfigError ||
      error instanceof UsageError ||
      error instanceof EnvironmentError;
    if (wrongInput || error instanceof StorageError) process.stderr.write(`${error.message}\n`);
    else logger.error({ err: error }, 'the bridge is broken and stops');
    return wrongInput ? 2 : 1;
  }
}

process.exit(await main());
