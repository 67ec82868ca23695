import { z } from 'zod';
import type { Config } from '../config/load.ts';
import { judgeOrg } from '../core/environment/judge.ts';
import { readOrganization } from '../edge/salesforce/organization.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import type { Session } from '../edge/salesforce/token.ts';
import { failure, okay, warning } from './finding.ts';
import type { Finding } from './finding.ts';

type Salesforce = Config['salesforce'];

/** The bridge's assertions are valid for 3 minutes, those that seem to last longer than 5 are refused. */
const WARN_MS = 30_000;
const FAIL_MS = 120_000;
const TIMEOUT_MS = 15_000;

/** What the app of the bridge may do, where the login said. */
export function checkScopes({ scopes }: Session): Finding {
  const name = 'scopes';
  if (scopes === undefined) return okay(name, 'the login did not say; the checks below try them');
  const said = `the app gives the bridge ${scopes.join(', ')}`;
  if (scopes.includes('api') || scopes.includes('full')) return okay(name, said);
  const action =
    'Add the OAuth scope api to the External Client App; the Pub/Sub API needs it, too.';
  return failure(name, `${said}, not api`, action);
}

const versions = z.array(z.object({ version: z.string() }));

/** One request without a login: which versions of the API the org has, and what time it is there. */
export async function checkApi(
  { instanceUrl }: Session,
  apiVersion: string,
): Promise<readonly Finding[]> {
  const url = `${instanceUrl}/services/data/`;
  const sentAt = Date.now();
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const receivedAt = Date.now();
  const known = versions.safeParse(await response.json());
  const newest = known.data?.at(-1)?.version ?? 'unknown';
  const has = known.data?.some(({ version }) => version === apiVersion) ?? false;
  const asked = `asked ${url} for its versions: the newest is ${newest}`;
  return [
    has
      ? okay('API version', `${asked}, ${apiVersion} is there`)
      : failure(
          'API version',
          `${asked}, ${apiVersion} is not there`,
          `Set salesforce.apiVersion to one the org has; ${newest} is the newest.`,
        ),
    checkClock(response.headers.get('date'), sentAt, receivedAt),
  ];
}

function checkClock(date: string | null, sentAt: number, receivedAt: number): Finding {
  const name = 'clock';
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return okay(name, 'the org did not say what time it is');
  // The header has whole seconds: half of one is its middle.
  const differenceMs = theirs + 500 - (sentAt + receivedAt) / 2;
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  const said = `this machine is ${seconds} s ${differenceMs > 0 ? 'behind' : 'ahead of'} the org`;
  const action =
    'Synchronize the clock of this machine (NTP): logins are refused when it is minutes off.';
  if (Math.abs(differenceMs) > FAIL_MS) return failure(name, said, action);
  if (Math.abs(differenceMs) > WARN_MS) return warning(name, said, action);
  return okay(name, seconds <= 1 ? 'within a second of the org' : said);
}

/** Whether the org is the one that is pinned, and of the kind the environment says. */
export async function checkOrg(
  rest: Rest,
  session: Session,
  {
    environment: pins,
    salesforce,
  }: Pick<Config, 'environment'> & { readonly salesforce: Salesforce },
): Promise<Finding> {
  const name = 'org';
  const found = await readOrganization(rest, session);
  const kind =
    found.isSandbox === undefined ? '' : found.isSandbox ? ', a sandbox' : ', no sandbox';
  const said = `the login leads to the org ${found.organizationId}${kind}`;
  // The configuration lets only an org on this machine go without.
  if (pins === undefined) return okay(name, `${said}; no environment is pinned`);
  const refusal = judgeOrg(pins, found, salesforce.loginUrl);
  if (refusal !== undefined) return failure(name, refusal.reason, refusal.action);
  if (pins.name !== 'production' && found.isSandbox === false) {
    const action = `Make sure that ${pins.name} is meant to write there: only sandboxes and scratch orgs are made for it.`;
    return warning(name, `${said}, and the environment is ${pins.name}`, action);
  }
  return okay(name, `${said}, as pinned for ${pins.name}`);
}

const limit = z.object({ Max: z.number(), Remaining: z.number() });
const limitsReply = z.looseObject({});
const LIMITS = [
  ['HourlyPublishedPlatformEvents', 'events to publish this hour'],
  ['DailyApiRequests', 'API calls today'],
  ['DailyDeliveredPlatformEvents', 'event deliveries today'],
  ['DataStorageMB', 'MB of data storage'],
] as const;
const LOW = 0.1;

/** What is left of what runs out. */
export async function checkLimits(rest: Rest): Promise<Finding> {
  const all: Readonly<Record<string, unknown>> = await rest.get('/limits', limitsReply);
  const known = LIMITS.flatMap(([key, words]) => {
    const { data } = limit.safeParse(all[key]);
    return data === undefined ? [] : [{ words, left: data.Remaining, max: data.Max }];
  });
  const said = known.map(({ words, left, max }) => `${left} of ${max} ${words}`).join(', ');
  const low = known.filter(({ left, max }) => left < max * LOW);
  if (low.length === 0) return okay('limits', `left: ${said}`);
  const names = low.map(({ words }) => words).join(', ');
  const action = `Little is left of ${names}: see in Setup, System Overview and Storage Usage, who uses it.`;
  const isOver = low.some(({ left }) => left <= 0);
  return (isOver ? failure : warning)('limits', `left: ${said}`, action);
}
