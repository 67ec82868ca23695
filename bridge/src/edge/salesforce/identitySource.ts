import { setImmediate as nextTurn } from 'node:timers/promises';

import { z } from 'zod';

import { IDENTITY_KINDS } from '../../ports/identity.ts';
import type { ChangePage, IdentityKind, IdentitySource } from '../../ports/identity.ts';
import { makeIdentityQueries } from './identityQueries.ts';
import type { IdentityQuery } from './identityQueries.ts';
import { asResult, OrgError } from './orgError.ts';
import type { Rest } from './rest.ts';

export interface IdentitySourceOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly apiVersion: string;
}

/** Rows of one page of a query answer at most. Source: REST API guide, "Query". */
const ROWS = 2_000;

const compositeReply = z.object({
  compositeResponse: z.array(
    z.object({ body: z.unknown(), httpStatusCode: z.number(), referenceId: z.string() }),
  ),
});
const rows = z.object({ records: z.array(z.unknown()) });
const errorBody = z.array(z.looseObject({ errorCode: z.string(), message: z.string() }));

/**
 * Reads identity over REST: one API call for a page of each kind asked for. Deleted records are told as long as the org
 * has them in its recycle bin, which is 15 days.
 */
export function makeIdentitySource({
  rest,
  namespace,
  apiVersion,
}: IdentitySourceOptions): IdentitySource {
  const queries = makeIdentityQueries(namespace);
  return {
    read: (from, kinds) =>
      asResult(async () => {
        const compositeRequest = kinds.map((kind) => {
          const soql = encodeURIComponent(queries[kind].soql(from.get(kind), ROWS));
          const url = `/services/data/v${apiVersion}/queryAll?q=${soql}`;
          // A reference id has letters, digits and underscores only.
          return { method: 'GET', url, referenceId: `kind${IDENTITY_KINDS.indexOf(kind)}` };
        });
        const body = { allOrNone: false, compositeRequest };
        const { compositeResponse } = await rest.post('/composite', body, compositeReply);
        const pages = new Map<IdentityKind, ChangePage>();
        for (const { body: answer, httpStatusCode, referenceId } of compositeResponse) {
          const kind = kinds.find((one) => referenceId === `kind${IDENTITY_KINDS.indexOf(one)}`);
          if (kind === undefined) continue;
          if (httpStatusCode >= 300) throw refused(answer, kind);
          pages.set(kind, toPage(queries[kind], answer, kind));
          // Thousands of rows of a kind take a while; readings must not wait for those of all kinds.
          await nextTurn();
        }
        return pages;
      }),
  };
}

function toPage(query: IdentityQuery, answer: unknown, kind: IdentityKind): ChangePage {
  const { records } = rows.parse(answer);
  try {
    const read = records.map((row) => query.read(row));
    return {
      changes: read.flatMap(({ changes }) => changes),
      upTo: read.at(-1)?.upTo,
      more: records.length === ROWS,
    };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new OrgError({
      kind: 'configuration',
      reason: `A ${kind} of the org cannot be read (${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}).`,
      action: 'Check that the package of the org and the bridge are of the same version.',
    });
  }
}

function refused(body: unknown, kind: IdentityKind): OrgError {
  const [first] = errorBody.safeParse(body).data ?? [];
  return new OrgError({
    kind: 'configuration',
    reason: `The org refused to say who its devices are (${kind}: ${first?.errorCode ?? 'no code'}, ${first?.message ?? 'no message'}).`,
    action: 'Give the bridge user the permission set Signal_Bridge; check salesforce.namespace.',
  });
}
