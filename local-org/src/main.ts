import { join } from 'node:path';

import { makeAccess } from './api/accessControl.ts';
import { makeFlowAccess } from './api/flowAccess.ts';
import { makeTokens } from './api/oauth/tokens.ts';
import { makeApiCalls } from './api/rest/apiCalls.ts';
import { makeApp } from './api/rest/app.ts';
import { makeCursors } from './api/rest/cursors.ts';
import { startPubSubServer } from './api/pubsub.ts';
import { makeInterviews } from './api/screenFlows/interviews.ts';
import { screenFlowRoutes } from './api/screenFlows/routes.ts';
import { enterpriseApi, partnerApi } from './api/soap/apis.ts';
import { metadataApi } from './api/soap/metadataApi.ts';
import { soapRoutes } from './api/soap/routes.ts';
import { parseAssumptions, publishIdleMs } from './automation/assumptions.ts';
import { stderrLogger } from './automation/logger.ts';
import { makeAutomation } from './automation/makeAutomation.ts';
import { allocationsOf, storageOf } from './cli/allocations.ts';
import { parseOptions, usage } from './cli/arguments.ts';
import type { Options } from './cli/arguments.ts';
import { makeDataFolder } from './cli/dataFolder.ts';
import { StartError, explain } from './cli/errors.ts';
import { listen } from './cli/httpServer.ts';
import { lockData } from './cli/lock.ts';
import { deleteState, removeOrgFile, writeOrgFile } from './cli/orgFile.ts';
import { applySetup } from './cli/setup.ts';
import { openTls } from './cli/tls.ts';
import { localRoutes } from './api/localRoutes.ts';
import { makeMovableClock, systemClock } from './clock.ts';
import { consoleRoutes } from './console/routes.ts';
import { parseFaults } from './events/faults.ts';
import { makeFormulas } from './flow/formulaFields.ts';
import { loadMetadata } from './metadata/load.ts';
import { loadPages } from './metadata/pages.ts';
import { makePages } from './page/makePages.ts';
import { makeFlowRuns } from './runs/flowRuns.ts';
import { queuesOf } from './store/members.ts';
import { seedOrg } from './store/seed.ts';
import { openStore } from './store/sqliteStore.ts';

/** Starts the org and runs until SIGTERM or SIGINT. */
async function run(options: Options): Promise<void> {
  const { dataDir, edition } = options;
  const log = (line: string): void => console.log(line);
  // Sessions, tokens and certificates are between machines and go by the machine's own clock.
  const clock = makeMovableClock(systemClock, options.clockOffsetMs);
  // From the first moment: a stop while starting is as clean as a later one.
  const stopped = stopSignal();

  const assumptions = parseAssumptions(options.assumptions);
  // What is wrong with the command line is said before anything is opened.
  parseFaults(options.faults);
  const metadata = loadMetadata(options.metadata);
  const pageMetadata = loadPages(options.metadata, metadata.objects);
  makeDataFolder(dataDir);
  const unlock = lockData(dataDir);
  removeOrgFile(dataDir);
  if (options.fresh) deleteState(dataDir);
  const store = openStore(
    join(dataDir, 'org.sqlite'),
    metadata,
    clock,
    makeFormulas(metadata, clock),
    { dataMb: edition.dataStorageMb },
  );
  const { organizationId, automatedProcess } = seedOrg(store, metadata, edition.organizationType);
  const setup = applySetup(options.setupFile, store, metadata, automatedProcess);
  const { grants, clients } = setup;

  const tokens = makeTokens(store.sql, systemClock, {
    organizationId,
    lifetimeMs: options.tokenLifetimeMs,
  });
  const access = makeAccess(metadata, grants, (token) => tokens.session(token), {
    defaults: setup.sharing,
    read: (object, id) => store.read(object, id),
    queuesOf: (userId) => queuesOf(store, userId),
  });
  const tls = await openTls(join(dataDir, 'tls'), systemClock.now());

  const runs = makeFlowRuns(store, clock, options.flowRuns);
  const automation = makeAutomation({
    metadata,
    store,
    clock,
    assumptions,
    faults: options.faults,
    allocations: edition,
    dailyEmailAddresses: edition.dailyEmailAddresses,
    logger: stderrLogger,
    access: { ...access, ...makeFlowAccess(grants) },
    watcher: runs.watcher,
  });

  const pages = makePages({
    metadata,
    pages: pageMetadata,
    access,
    mayRun: (userId, flow) => automation.screenFlows.mayOpen(flow, userId),
    grants,
    store,
    roots: options.metadata,
    dataDir,
    log,
  });
  if (options.preparePages) pages.prepare();

  let instanceUrl = '';
  const app = makeApp(
    {
      store,
      metadata,
      dml: automation.dml,
      access,
      clock,
      calls: makeApiCalls(clock, edition.dailyApiRequests),
      cursors: makeCursors(),
      instanceUrl: () => instanceUrl,
      eventAllocations: () => ({
        ...allocationsOf(automation.bus),
        ...storageOf(edition, store.usedStorage()),
      }),
    },
    {
      store,
      clock: systemClock,
      tokens,
      clients,
      organizationId,
      instanceUrl: () => instanceUrl,
      log,
      logins: new Set(grants.keys()),
    },
    [
      consoleRoutes({ store, metadata, organizationId, logins: grants, runs, bus: automation.bus }),
      localRoutes({
        clock: options.movableClock ? clock : undefined,
        automation,
      }),
      screenFlowRoutes({
        screenFlows: automation.screenFlows,
        interviews: makeInterviews(systemClock),
      }),
      pages.router,
      soapRoutes({
        access,
        apis: [
          partnerApi,
          enterpriseApi,
          metadataApi({
            clock,
            roots: options.metadata,
            mayDeploy: (userId) => grants.get(userId)?.isAdministrator === true,
            nameOf: (userId) => String(store.read('User', userId)?.['Name'] ?? userId),
          }),
        ],
        log,
      }),
    ],
  );
  const http = await listen(app, options.port);
  instanceUrl = `http://127.0.0.1:${http.port}`;

  const pubsub = await startPubSubServer({
    host: '127.0.0.1',
    port: options.pubsubPort,
    tls: { key: tls.privateKey, cert: tls.certificate },
    access,
    bus: automation.bus,
    metadata,
    instanceUrl,
    organizationId,
    clock,
    publishIdleMs: publishIdleMs(assumptions),
  }).catch((cause: unknown) => {
    throw new StartError(
      `--pubsub-port ${options.pubsubPort}: cannot listen; where a program has the port already, ` +
        `stop it or choose another`,
      { cause },
    );
  });

  writeOrgFile(dataDir, {
    instanceUrl,
    pubsubEndpoint: `localhost:${pubsub.port}`,
    pubsubCaFile: tls.caFile,
    organizationId,
    pid: process.pid,
  });
  automation.start();
  log(`Local org ${organizationId}: REST and OAuth at ${instanceUrl}`);
  log(`Pub/Sub API at localhost:${pubsub.port}, trust ${tls.caFile}`);

  const signal = await stopped;
  log(`${signal}: stopping`);
  removeOrgFile(dataDir);
  pages.close();
  await pubsub.close();
  await http.close();
  automation.stop();
  runs.close();
  store.close();
  unlock();
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => resolve(signal));
  });
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === undefined) console.log(usage);
  else await run(options);
} catch (error) {
  console.error(`local-org: ${explain(error)}`);
  // A server that already listens would keep the process alive.
  process.exit(2);
}
