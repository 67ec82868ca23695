import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import { attribute } from '../core/identity/attribute.ts';
import { effectivePolicies, explainPolicies } from '../core/policy/effective.ts';
import { policiesInForce } from '../core/policy/rules.ts';
import type { Rules } from '../core/policy/rules.ts';
import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { admitSessions } from '../edge/salesforce/admitted.ts';
import { asResult } from '../edge/salesforce/orgError.ts';
import { makeOrgPolicies } from '../edge/salesforce/orgPolicies.ts';
import { makeRest } from '../edge/salesforce/rest.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import { makeSessions } from '../edge/salesforce/token.ts';
import { makeEnvironmentGuard } from '../environment.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import { orgRulesOf, placesOf } from '../pipeline/orgRules.ts';
import type { PoliciesCommand } from './command.ts';
import { readOrgRecords, writeOrgRecords } from './org.ts';
import { compareRecords, readRecords, writeRecords } from './records.ts';
import { policiesOfFile, tryOut } from './tryOut.ts';
import type { TryOut } from './tryOut.ts';

/** What to print, and the exit code. */
export interface Answer {
  readonly text: string;
  readonly code: number;
}

/** Does what the command line asks with policies. @throws ConfigError, UsageError */
export async function runPoliciesCommand(
  command: PoliciesCommand,
  config: Config,
): Promise<Answer> {
  const answer = await asResult(() => run(command, config));
  if (answer.ok) return answer.value;
  const who = 'username' in command && command.username === undefined ? ` ${AS}` : '';
  return { text: `${answer.error.reason} ${answer.error.action}${who}`, code: 1 };
}

const AS =
  'The user of the bridge reads only what it needs: name one who may change policies with --as USERNAME.';

async function run(command: PoliciesCommand, config: Config): Promise<Answer> {
  const { namespace } = config.salesforce;
  switch (command.action) {
    case 'export': {
      const records = await readOrgRecords(restOf(config, command.username), namespace);
      return { text: writeRecords(records, command.json).trimEnd(), code: 0 };
    }
    case 'diff': {
      const wanted = readRecords(command.file);
      const { lines, changed } = compareRecords(
        wanted,
        await readOrgRecords(restOf(config, command.username), namespace),
      );
      const text = lines.length === 0 ? 'The org has the policies of the file.' : lines.join('\n');
      return { text, code: changed.length > 0 ? 1 : 0 };
    }
    case 'import': {
      const rest = restOf(config, command.username);
      const wanted = readRecords(command.file);
      const { lines, changed } = compareRecords(wanted, await readOrgRecords(rest, namespace));
      const refused = await writeOrgRecords(rest, namespace, changed);
      const done = `${changed.length - refused.length} of ${wanted.length} policies written, ${wanted.length - changed.length} as they were, ${refused.length} refused`;
      return { text: [...lines, ...refused, done].join('\n'), code: refused.length > 0 ? 1 : 0 };
    }
    case 'test': {
      const policies = policiesOfFile(command.file);
      const places = knownPlaces(policies, config);
      const tried = await tryOut(config, policies, command.readings, places);
      if (command.json) return { text: JSON.stringify(tried.signals, null, 2), code: 0 };
      const notes = [
        ...(policies.length === 0 ? [noDetector(command.file)] : []),
        ...(places === undefined ? [noPlaces(policies, config)] : []),
      ];
      return { text: [...notes, describe(tried)].join('\n'), code: 0 };
    }
    case 'explain':
      return explain(command.device, command.deviceType, config);
  }
}

const namesPlace = ({ match }: Policy): boolean =>
  match.assetId !== undefined || match.accountId !== undefined;

/** Where devices are now, as the bridge last read it; undefined where that is needed and not known. */
function knownPlaces(
  policies: readonly Policy[],
  { dataDir }: Config,
): Rules['places'] | undefined {
  const file = join(dataDir, 'identity.sqlite');
  if (!policies.some(namesPlace)) return new Map();
  if (!existsSync(file)) return undefined;
  using copy = openIdentityCopy(file);
  return placesOf(policies, copy, toEpochMs(Date.now()));
}

const noPlaces = (policies: readonly Policy[], { dataDir }: Config): string =>
  `${policies
    .filter(namesPlace)
    .map(({ key }) => key)
    .join(', ')}: for an Asset or an Account, and left out: ` +
  `${dataDir} has no copy of the org's devices; run the bridge of this configuration once.`;

const noDetector = (file: string): string =>
  `No active policy of ${file} has a detector, so nothing can be found: these only say what the org does with signals ` +
  `of policies that the bridge has in its own file.`;

function restOf(config: Config, username = config.salesforce.username): Rest {
  const { loginUrl, audience, clientId, privateKey, apiVersion } = config.salesforce;
  const login = { loginUrl, clientId, username, privateKey };
  const clock = () => toEpochMs(Date.now());
  const sessions = makeSessions({ ...login, ...(audience !== undefined && { audience }) }, clock);
  const guard = makeEnvironmentGuard(config);
  return makeRest(admitSessions(sessions, guard.admission(sessions)), apiVersion);
}

async function explain(
  name: string,
  deviceType: string | undefined,
  config: Config,
): Promise<Answer> {
  const { namespace } = config.salesforce;
  const read = await makeOrgPolicies({ rest: restOf(config), namespace }).read();
  const { org, off } = orgRulesOf(read.ok ? read.value : [], []);
  const rules = { file: config.policies, org, off, places: new Map() };
  const device = toDeviceKey(name);
  using copy = openIdentityCopy(join(config.dataDir, 'identity.sqlite'));
  const { assetId, accountId, doubts } = attribute(
    copy.facts(device),
    device,
    toEpochMs(Date.now()),
  );
  const scope = { device, deviceType, assetId, accountId };
  const effective = effectivePolicies(policiesInForce(rules), scope);
  const about = `${name}: type ${deviceType ?? '(none; give --type)'}, Asset ${assetId ?? '(none)'}, Account ${accountId ?? '(none)'}`;
  const trouble = read.ok
    ? []
    : [`The org's policies are left out: ${read.error.reason} ${read.error.action}`];
  const lines = effective.length === 0 ? ['No policy holds for it.'] : explainPolicies(effective);
  return { text: [about, ...doubts, ...trouble, ...lines].join('\n'), code: read.ok ? 0 : 1 };
}

function describe({ signals, readings, unread, reason }: TryOut): string {
  const rows = signals.map(
    ({ occurredAt, phase, severity, policyKey, explanation }) =>
      `${new Date(occurredAt).toISOString()}  ${phase.padEnd(7)}  ${severity.padEnd(8)}  ${policyKey}  ${explanation}`,
  );
  const opened = signals.filter(({ phase }) => phase === 'Opened').length;
  const left =
    unread === 0 ? '' : ` ${unread} messages could not be read, the first because: ${reason}`;
  return [
    ...rows,
    `${readings} readings, ${signals.length} signals, ${opened} episodes.${left}`,
  ].join('\n');
}
