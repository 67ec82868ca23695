import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { makeIngestJobs } from './api/bulk/jobs.ts';
import { ingestRoutes } from './api/bulk/routes.ts';
import { GRAPHQL_REFUSED, GRAPHQL_SUPPORT } from './api/graphql/support.ts';
import { FOREIGN_CLIENTS } from './api/foreignClients.ts';
import { RPC_SUPPORT } from './api/pubsub.ts';
import { RPC_ERRORS } from './api/pubsubErrors.ts';
import { collectionRoutes } from './api/rest/collections.ts';
import { compositeRoutes } from './api/rest/composite.ts';
import { describeRoutes } from './api/rest/describe.ts';
import { queryRoutes } from './api/rest/query.ts';
import { resourceRoutes } from './api/rest/resources.ts';
import { sobjectRoutes } from './api/rest/sobjects.ts';
import { treeRoutes } from './api/rest/tree.ts';
import { UI_SUPPORT } from './api/ui/supportTable.ts';
import { METADATA_API_SUPPORT } from './api/soap/metadataApi.ts';
import { METADATA_TYPES } from './api/soap/metadataTypes.ts';
import { ASSUMPTION_RULES, type AssumptionRule } from './automation/assumptions.ts';
import { UNSOURCED } from './automation/unsourced.ts';
import { VALIDATION_RULE_SUPPORT } from './automation/validationRules.ts';
import { systemClock } from './clock.ts';
import { FAULT_HELP } from './events/faults.ts';
import { ASSIGNMENT_OPERATORS } from './flow/elements/assignment.ts';
import { FUNCTIONS, SPECIAL_FUNCTIONS } from './flow/formula/functions.ts';
import { FORMULA_FIELD_SUPPORT } from './flow/formulaFields.ts';
import { GLOBALS } from './flow/globals.ts';
import { ORG_GLOBALS } from './flow/orgGlobals.ts';
import { DUPLICATE_UPDATES, LIMITS } from './flow/limits.ts';
import { SCALARS } from './flow/model.ts';
import { CONDITION_OPERATORS } from './flow/operators.ts';
import { FILTER_OPERATORS, OTHER_FILTER_OPERATORS } from './flow/selection.ts';
import {
  ELEMENT_SUPPORT,
  REFUSED_ELEMENTS,
  RUN_MODE_SUPPORT,
  SCREEN_SUPPORT,
  START_SUPPORT,
} from './flow/support.ts';
import { standardObjects } from './metadata/standardObjects.ts';
import { PLATFORM_MODULES, baseComponents } from './page/build/modules.ts';
import { PAGE_ADDRESSES, PAGE_COMPONENTS, PAGE_METADATA } from './page/support.ts';

/*
 * `node local-org/src/documents.ts` writes SUPPORT.md and ASSUMPTIONS.md from the tables that the
 * code itself runs by; a test fails when they are stale.
 */

const FOLDER = path.join(import.meta.dirname, '..');

function table(head: readonly [string, string], rows: Iterable<readonly [string, string]>): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = [...rows].map(([name, note]) => `| \`${name}\` | ${cell(note)} |`);
  return [`| ${head[0]} | ${head[1]} |`, '| --- | --- |', ...lines].join('\n');
}

function list(names: Iterable<string>): string {
  return `${[...names].map((name) => `\`${name}\``).join(', ')}.`;
}

/** `buttonIcon` → `button-icon` */
function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function notes(
  entries: Readonly<Record<string, { readonly note?: string }>>,
): (readonly [string, string])[] {
  return Object.entries(entries).map(([name, { note }]) => [name, note ?? ''] as const);
}

function clientTable(): string {
  const rows = FOREIGN_CLIENTS.map(
    ({ client, version, works, missing }) => `| ${client} ${version} | ${works} | ${missing} |`,
  );
  return [
    '| client | works | missing, and how it is refused |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const onlyListed = (): never => {
  throw new Error('only listed');
};

function supportText(): string {
  const routes = [
    ...resourceRoutes,
    ...describeRoutes,
    ...queryRoutes,
    ...sobjectRoutes,
    ...treeRoutes,
    ...collectionRoutes,
    ...compositeRoutes(onlyListed),
    ...ingestRoutes(makeIngestJobs(systemClock), onlyListed),
  ];
  return `# What the local org supports

Made by \`node local-org/src/documents.ts\` from the tables in the code; do not edit. What is not listed
is refused when the org loads, with the file and the element, and never skipped.

## Flow

${table(['start', 'supported'], Object.entries(START_SUPPORT))}

${table(['element', 'supported'], Object.entries(ELEMENT_SUPPORT))}

Refused elements: ${list(REFUSED_ELEMENTS)}

Interviews of one batch run in lock step: all that wait at the same element execute it together. Create
and Update save partially; a failed row sends only its own interview to the fault path. Recursive saves
leave after-save flows out.

### Screens

What lies between two screens is one transaction with limits of its own, committed when the next screen
shows; going back undoes nothing. A fault that no fault path takes undoes the stretch and ends the interview.

${table(['part', 'supported'], Object.entries(SCREEN_SUPPORT))}

### Run modes

${table(['runInMode', 'supported'], Object.entries(RUN_MODE_SUPPORT))}

A user may run a flow with the user permission \`RunFlow\`, or when a permission set lists it in \`flowAccesses\`;
a flow with \`isAdditionalPermissionRequiredToRun\` only with the latter, also an administrator.

### Resources

Resources: variables (${SCALARS.join(', ')}, SObject, and collections of them), constants, formulas, plain
text templates. A template writes values as for an English (United States) user in UTC.

Global values: \`$Record\`, \`$Record__Prior\` and their fields (also through lookups to one object), ${list([...ORG_GLOBALS.map((name) => `${name}.…`), ...Object.keys(GLOBALS)])}

### Operators

${table(['condition', 'note'], [...notes(CONDITION_OPERATORS), ['IsChanged', 'fields of `$Record`; refused in asynchronous paths']])}

Filters of Get, Update and Delete Records: ${list([...Object.keys(FILTER_OPERATORS), ...OTHER_FILTER_OPERATORS])}

Assignments: ${list(Object.keys(ASSIGNMENT_OPERATORS))}

### Formulas

Operators \`+ - * / & = == <> != < <= > >= && || !\`, and the functions ${list([...SPECIAL_FUNCTIONS, ...Object.keys(FUNCTIONS)].toSorted())}
Types are checked at load; a picklist must be wrapped in \`TEXT()\`; an empty number stays empty in sums.
\`PRIORVALUE\` only in entry conditions; \`ISNEW\` and \`ISCHANGED\` not in asynchronous paths.

### Validation rules

${table(['part', 'supported'], Object.entries(VALIDATION_RULE_SUPPORT))}

### Formula fields

${table(['part', 'supported'], Object.entries(FORMULA_FIELD_SUPPORT))}

### Standard objects

${list(standardObjects.map(({ name }) => name))}

Tasks (\`Task\`) are related to an account, asset, Case or a record of a custom object with \`enableActivities\`
(\`WhatId\`), and to a contact (\`WhoId\`). Permission sets give \`ActivitiesAccess\` and \`EditTask\`; object and field
permissions on tasks and fields of Activity are refused.

### Permission sets

Custom permissions (\`customPermissions\`), permission sets, and groups of them without muting or activation. The setup file
assigns sets and groups to users; PermissionSet, PermissionSetGroup, PermissionSetGroupComponent and
PermissionSetAssignment tell who has what, to flows and to users with \`ViewSetup\`, and cannot be written.
\`$Permission.NAME\` is true for who has a set, also in a group, that gives it; System Administrators have it no
other way.

### Geolocations

A \`Location\` field has a latitude (\`X__Latitude__s\`) and a longitude (\`X__Longitude__s\`), which are written,
filtered and used in flows and formulas; the compound field is read through REST and SOQL, and named by describe.
Refused: the compound field in flows, formulas, filters, orders, UI API and GraphQL; \`DISTANCE\`.

### Field history

A custom object with \`enableHistory\` keeps the changes of its fields with \`trackHistory\` (at most 20; not
formula fields) in \`NAME__History\`: \`ParentId\`, \`Field\`, \`OldValue\`, \`NewValue\`, \`CreatedById\`, \`CreatedDate\`,
read by SOQL and REST by who may read the record and the field. Refused: every other use, in flows, in the UI
API and in GraphQL. \`trackHistory\` on a field of a custom object without \`enableHistory\` keeps nothing; on one
of a standard object it makes \`NAMEHistory\` (\`CaseHistory\` with \`CaseId\`, \`AssetHistory\` with \`AssetId\`).

### Limits of a transaction

${table(
  ['limit', 'value'],
  Object.entries(LIMITS).map(([name, value]) => [name, String(value)] as const),
)}

Past a limit the whole transaction is undone and logged. In one execution of Update Records a record may
stand ${DUPLICATE_UPDATES} times; its further rows fail with DUPLICATE_VALUE.

## Pub/Sub API (eventbus.v1)

${table(['RPC', 'support'], Object.entries(RPC_SUPPORT))}

Error codes (\`sfdc.platform.eventbus.grpc.…\` in the \`error-code\` trailer): ${list(Object.keys(RPC_ERRORS))}

## REST API (under \`/services/data/vNN.N\`)

${[...routes].map(({ method, pattern }) => `- \`${method} ${pattern}\``).join('\n')}

## UI API (under \`/services/data/vNN.N\`)

${table(['resource', 'supported'], Object.entries(UI_SUPPORT))}

Values are shown as for an English (United States) user in UTC. A refused save answers with the field
errors and the record's errors apart (\`output\`).

## GraphQL (\`POST /services/data/vNN.N/graphql\`)

${table(['part', 'supported'], Object.entries(GRAPHQL_SUPPORT))}

Refused: ${list(GRAPHQL_REFUSED)}

## Browser sessions

\`GET /login\` lists the users of the setup file, \`GET /login?un=USERNAME&startURL=/path\` logs one in: a cookie
\`sid\` that scripts cannot read and other sites do not send (\`SameSite=Strict\`). \`GET /secur/logout\` ends the
session. With the cookie alone a request that may change something must carry this org's address as its
\`Origin\`. Every request must name this machine (127.0.0.1 or localhost) in \`Host\`.

## Pages

${table(['address', 'page'], Object.entries(PAGE_ADDRESSES))}

Objects: custom ones, Asset, Case, Account, Contact. A page is drawn in the browser from what the UI API
and GraphQL give its viewer. Nothing can be edited but by the package's own components. A bundle or label
that has changed is compiled when a page is loaded next; other metadata needs a new start.

${table(['metadata', 'supported'], Object.entries(PAGE_METADATA))}

${table(['standard component', 'what it shows'], Object.entries(PAGE_COMPONENTS))}

### What Lightning web components may import

${table(['module', 'supported'], notes(PLATFORM_MODULES))}

\`@salesforce/label/c.NAME\` and \`@salesforce/schema/OBJECT.FIELD\` (over lookups, too) must exist in the
metadata, \`c/NAME\` as a bundle; anything else ends the build with its name, as does an icon that does not
exist. Components are compiled with synthetic shadow, in production mode, for API version 66.

Base components: ${list([...baseComponents()].map((name) => `lightning-${kebab(name)}`))}

## SOAP APIs

${table(['Metadata API (`/services/Soap/m/NN.N`)', 'support'], Object.entries(METADATA_API_SUPPORT))}

A package may hold ${list(METADATA_TYPES.map(({ xmlName }) => xmlName))} Any other operation of the Metadata
API, and every one of the partner and enterprise APIs, is refused by name (INVALID_OPERATION); \`login\` in the
words of an org that has it switched off.

## What foreign clients found

Clients that others wrote for Salesforce, as \`npm test\` tries them (\`scripts/strangers\`).

${clientTable()}

## Faults for tests

${table(['--fault', 'what breaks'], Object.entries(FAULT_HELP))}
`;
}

function assumptionsText(): string {
  const rules: Readonly<Record<string, AssumptionRule>> = ASSUMPTION_RULES;
  const sections = Object.entries(rules).map(([name, rule]) => {
    const readings = Object.entries(rule.values).map(([value, meaning]) => {
      const standard = value === rule.standard ? ' (standard)' : '';
      return `- \`--assume ${name}=${value}\`${standard}: ${meaning}`;
    });
    return `## ${name}\n\n${rule.question}\n\n${readings.join('\n')}\n`;
  });
  return `# What the local org assumes

Made by \`node local-org/src/documents.ts\` from the tables in the code; do not edit. Each rule here is one
that no public source settles. The org can follow every reading.

${sections.join('\n')}
## Chosen without a source

No public source was found for these either; the org follows one reading.

${UNSOURCED.map(({ about, chosen }) => `- **${about}.** ${chosen}`).join('\n')}
`;
}

/** The documents as they should be, by path. */
export async function makeDocuments(): Promise<Map<string, string>> {
  const options = { parser: 'markdown', printWidth: 100 };
  return new Map([
    [path.join(FOLDER, 'SUPPORT.md'), await format(supportText(), options)],
    [path.join(FOLDER, 'ASSUMPTIONS.md'), await format(assumptionsText(), options)],
  ]);
}

/** The paths of documents that are not what they should be. */
export async function staleDocuments(): Promise<string[]> {
  const documents = await makeDocuments();
  return [...documents].filter(([file, text]) => read(file) !== text).map(([file]) => file);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  for (const [file, text] of await makeDocuments()) writeFileSync(file, text);
}
