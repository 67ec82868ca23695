import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/load.ts';
import { ConfigError } from '../config/problems.ts';
import { OrgError } from '../edge/salesforce/orgError.ts';
import { makePubSubRpc } from '../edge/salesforce/pubsub/rpc.ts';
import { makeRest } from '../edge/salesforce/rest.ts';
import { makeSessions } from '../edge/salesforce/token.ts';
import type { Session } from '../edge/salesforce/token.ts';
import { checkDataOwner } from '../environment.ts';
import { toEpochMs } from '../model/brand.ts';
import { checkBrokers } from './broker.ts';
import { checkDisk } from './disk.ts';
import { failure, okay, skipped } from './finding.ts';
import type { Finding } from './finding.ts';
import { checkApi, checkLimits, checkOrg, checkScopes } from './org.ts';
import { checkPermissions } from './permissions.ts';
import { checkPolicies } from './policies.ts';
import { checkTopics } from './topics.ts';

/** Everything that needs a login, by the name it has where there is none. */
const WITH_LOGIN = [
  'scopes',
  'API version',
  'clock',
  'org',
  'topics',
  'rights',
  'policies',
  'limits',
];

/**
 * Tries everything the bridge depends on, each thing whatever became of the others. Publishes nothing, and leaves the
 * session of a running bridge alone.
 */
export async function runCheck(
  configFile: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = loadConfig(configFile, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const action = 'config/bridge.example.yaml explains every key.';
    return [
      ...error.problems.map((problem) => failure('configuration', problem, action)),
      skipped('everything else', 'it needs the configuration'),
    ];
  }
  const now = Date.now();
  return [
    okay('configuration', `read ${configFile}: ${describeEnvironment(config)}`),
    ...(await attempt('disk', async () => checkDisk(config))),
    ...(await attempt('data directory', async () => [dataOwner(config)])),
    ...(await attempt('broker', () => checkBrokers(config, now))),
    ...(await checkSalesforce(config)),
  ];
}

const describeEnvironment = ({ environment }: Config): string =>
  environment === undefined ? 'no environment is pinned' : `the environment ${environment.name}`;

function dataOwner(config: Config): Finding {
  const name = 'data directory';
  const owner = checkDataOwner(config);
  if (owner.refusal !== undefined) return failure(name, owner.refusal.reason, owner.refusal.action);
  return okay(name, owner.said);
}

async function checkSalesforce(config: Config): Promise<readonly Finding[]> {
  const { salesforce } = config;
  const { audience, namespace, apiVersion, pubsub, ...login } = salesforce;
  const sessions = makeSessions({ ...login, ...(audience !== undefined && { audience }) }, () =>
    toEpochMs(Date.now()),
  );
  let session: Session;
  try {
    session = await sessions.current();
  } catch (error) {
    return [
      toFailure('login', error),
      ...WITH_LOGIN.map((name) => skipped(name, 'there is no login')),
    ];
  }
  const rest = makeRest(sessions, apiVersion);
  const rpc = makePubSubRpc(pubsub);
  const { endpoint } = pubsub;
  try {
    return [
      okay('login', `logged in at ${login.loginUrl} as ${login.username}`),
      checkScopes(session),
      ...(await attempt('API version', () => checkApi(session, apiVersion))),
      ...(await attempt('org', async () => [await checkOrg(rest, session, config)])),
      ...(await attempt('topics', () => checkTopics({ rpc, rest, session, endpoint, namespace }))),
      ...(await attempt('rights', () => checkPermissions(rest, namespace))),
      ...(await attempt('policies', async () => [await checkPolicies(rest, config)])),
      ...(await attempt('limits', async () => [await checkLimits(rest)])),
    ];
  } finally {
    rpc.close();
  }
}

async function attempt(
  name: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [toFailure(name, error)];
  }
}

function toFailure(name: string, error: unknown): Finding {
  if (error instanceof OrgError) return failure(name, error.failure.reason, error.failure.action);
  const said = error instanceof Error ? error.message : String(error);
  return failure(
    name,
    `could not be tried (${said})`,
    'Try again; if it stays, this is a bug of the check.',
  );
}
