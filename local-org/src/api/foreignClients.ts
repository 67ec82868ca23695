/** What a client that others wrote for Salesforce did against this org, as scripts/strangers tries it in `npm test`. */
export interface ForeignClient {
  readonly client: string;
  readonly version: string;
  /** Tried and working. */
  readonly works: string;
  /** Tried and missing, and how it is refused. */
  readonly missing: string;
}

export const FOREIGN_CLIENTS: readonly ForeignClient[] = [
  {
    client: 'jsforce',
    version: '3.10.26',
    works:
      'JWT bearer login, identity, queries of several pages, create, update, upsert by external id, collections of 200 ' +
      'with partial failure and thousands in several calls, describe, limits, Bulk API 2.0 insert and delete',
    missing:
      'login with a password (`login`: fault INVALID_OPERATION, as in orgs made since Winter ’26); other calls of the ' +
      'partner SOAP API (INVALID_OPERATION, by name); search, Bulk API 2.0 queries, Bulk API 1.0 and Streaming (404 NOT_FOUND)',
  },
  {
    client: 'salesforce-pubsub-api-client',
    version: '5.5.2',
    works:
      'JWT login, publish, publish by stream, subscribe from a replay id with flow control and more events on demand, ' +
      'topics that are not there',
    missing:
      'managed subscriptions (it asks the Tooling API for them: 404 NOT_FOUND). The client trusts only its own list of ' +
      'authorities, so the org’s has to be added to that file; it says that an event was refused but not why, for it ' +
      'reads a replay id that a refused event does not have',
  },
  {
    client: '@salesforce/core',
    version: '9.4.0',
    works:
      'JWT login with saved authorization, a new token later, newest API version, query, describe, limits, identity, ' +
      'whether the org is a scratch org',
    missing: 'Tooling API (404 NOT_FOUND); web and device login (unsupported_grant_type)',
  },
  {
    client: '@salesforce/cli (sf)',
    version: '2.150.6',
    works:
      '`org login jwt`, `org list`, `data query` with columns of parents and functions, `data create record`, ' +
      '`data upsert bulk`, `project deploy start --dry-run` and `project deploy validate` with the problems of each component',
    missing:
      '`project deploy start` of a valid package (fault INVALID_OPERATION: metadata is taken at start), destructive changes ' +
      '(a failure of the component), `project retrieve start` (INVALID_OPERATION, by name), source tracking, packages, ' +
      'Apex and anything through the Tooling API (404 NOT_FOUND)',
  },
];
