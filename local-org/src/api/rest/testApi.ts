import { parseAssumptions } from '../../automation/assumptions.ts';
import { makeAutomation } from '../../automation/makeAutomation.ts';
import { listen } from '../../cli/httpServer.ts';
import type {
  FieldDef,
  OrgMetadata,
  PermissionSetDef,
  ValidationRuleDef,
} from '../../metadata/schema.ts';
import { EDITIONS } from '../../store/editions.ts';
import { queuesOf } from '../../store/members.ts';
import { insertRow } from '../../store/seed.ts';
import { openTestOrg, testMetadata } from '../../store/testOrg.ts';
import type { TestOrg } from '../../store/testOrg.ts';
import { makeAccess } from '../accessControl.ts';
import type { Sharing } from '../accessControl.ts';
import type { RegisteredClient } from '../oauth/assertion.ts';
import { makeTokens } from '../oauth/tokens.ts';
import { makeApiCalls } from './apiCalls.ts';
import { makeApp } from './app.ts';
import { makeCursors } from './cursors.ts';

/** An answer of the API, its JSON parsed. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** For tests: the whole HTTP side over a test org, listening on a free port. */
export interface TestApi extends TestOrg {
  readonly url: string;
  /** May do everything. */
  readonly admin: string;
  /** May do what the permission set `Clerk` of the test org says. */
  readonly clerk: string;
  readonly adminId: string;
  readonly clerkId: string;
  readonly log: string[];
  /** Calls below `/services/data/v66.0` as the administrator, unless another token is given. */
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a test org with two users. `clients` gets the ids of both and registers who may log in. */
export async function openTestApi(
  options: {
    readonly maxCalls?: number;
    /** Organization-wide defaults of standard objects. */
    readonly sharing?: Readonly<Record<string, Sharing>>;
    /** What the clerk may do besides the permission set `Clerk`. */
    readonly clerkSets?: readonly PermissionSetDef[];
    /** That of the test org unless given. */
    readonly metadata?: OrgMetadata;
    readonly validationRules?: readonly ValidationRuleDef[];
    /** What `Thing__c` has besides the fields of the test org. */
    readonly thingFields?: readonly FieldDef[];
    readonly clients?: (ids: {
      adminId: string;
      clerkId: string;
    }) => ReadonlyMap<string, RegisteredClient>;
  } = {},
): Promise<TestApi> {
  const metadata = withThingFields(
    options.metadata ?? testMetadata,
    options.thingFields ?? [],
    options.validationRules ?? [],
  );
  const org = openTestOrg(':memory:', metadata);
  const { store, clock, organizationId, actor } = org;
  const clerkSet = testMetadata.permissionSets.get('Clerk');
  const user = (name: string): string =>
    insertRow(
      store,
      'User',
      {
        Username: `${name}@example.test`,
        LastName: name,
        ProfileId: String(store.select({ object: 'Profile' })[0]?.['Id']),
      },
      actor,
    );
  const ids = { adminId: user('admin'), clerkId: user('clerk') };
  const tokens = makeTokens(store.sql, clock, { organizationId, lifetimeMs: 7_200_000 });
  const grants = new Map([
    [ids.adminId, { isAdministrator: true, permissionSets: [] }],
    [
      ids.clerkId,
      {
        isAdministrator: false,
        permissionSets: [clerkSet, ...(options.clerkSets ?? [])].filter((set) => set !== undefined),
      },
    ],
  ]);
  const automation = makeAutomation({
    metadata,
    store,
    clock,
    assumptions: parseAssumptions([]),
    faults: [],
    logger: { warn: () => undefined, error: () => undefined },
  });
  const log: string[] = [];
  let url = '';
  const app = makeApp(
    {
      store,
      metadata,
      dml: automation.dml,
      access: makeAccess(metadata, grants, (token) => tokens.session(token), {
        defaults: new Map(Object.entries(options.sharing ?? {})),
        read: (object, id) => store.read(object, id),
        queuesOf: (userId) => queuesOf(store, userId),
      }),
      clock,
      calls: makeApiCalls(clock, options.maxCalls ?? EDITIONS.enterprise.dailyApiRequests),
      cursors: makeCursors(),
      instanceUrl: () => url,
      eventAllocations: () => ({ HourlyPublishedPlatformEvents: { max: 10, remaining: 7 } }),
    },
    {
      store,
      clock,
      tokens,
      clients: options.clients?.(ids) ?? new Map(),
      organizationId,
      instanceUrl: () => url,
      log: (line) => log.push(line),
      logins: new Set(grants.keys()),
    },
  );
  const http = await listen(app, 0);
  url = `http://127.0.0.1:${http.port}`;
  const admin = tokens.issue(ids.adminId);
  return {
    ...org,
    ...ids,
    url,
    log,
    admin,
    clerk: tokens.issue(ids.clerkId),
    async call(method, path, body, token = admin) {
      const response = await fetch(`${url}/services/data/v66.0${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    },
    async close() {
      await http.close();
      store.close();
    },
  };
}

function withThingFields(
  base: OrgMetadata,
  fields: readonly FieldDef[],
  validationRules: readonly ValidationRuleDef[],
): OrgMetadata {
  const objects = new Map(base.objects);
  const thing = objects.get('Thing__c');
  if (thing !== undefined) {
    const more = fields.map((field) => [field.name, field] as const);
    objects.set('Thing__c', { ...thing, fields: new Map([...thing.fields, ...more]) });
  }
  return { ...base, objects, validationRules };
}

/** For tests: the value at a path of unknown JSON, e.g. `at(body, 0, 'errorCode')`. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(step))?.[1];
  }
  return value;
}
