import { z } from 'zod';
import { MOST_KEYS } from '../../ports/receipts.ts';
import type { ReceiptAnswer, ReceiptQuestion, Receipts } from '../../ports/receipts.ts';
import { asResult, OrgError } from './orgError.ts';
import { nextPlace, readPlaces, writePlaces } from './receiptPlace.ts';
import { makeReceiptQueries } from './receiptQueries.ts';
import type { Rest } from './rest.ts';

export interface OrgReceiptsOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly apiVersion: string;
}

const compositeReply = z.object({
  compositeResponse: z.array(
    z.object({ body: z.unknown(), httpStatusCode: z.number(), referenceId: z.string() }),
  ),
});
const errorBody = z.array(z.looseObject({ errorCode: z.string(), message: z.string() }));
const saveResults = z.array(
  z.object({
    success: z.boolean(),
    errors: z.array(z.looseObject({ statusCode: z.string(), message: z.string() })).default([]),
  }),
);

type Part = 'ended' | 'failed' | 'signals' | 'failures';

/**
 * Pages `Asset_Signal__c` and `Signal_Failure__c` by `SystemModstamp`, whoever made the rows: under which user the org's
 * flow runs is a matter of its setup, and a row that is not waited for costs next to nothing. The same call asks for some by
 * their keys, so that it has four queries; five is what a composite may. Source: REST API guide, "Composite".
 */
export function makeOrgReceipts({ rest, namespace, apiVersion }: OrgReceiptsOptions): Receipts {
  const queries = makeReceiptQueries(namespace);
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const request = (referenceId: Part, soql: string) => {
    return { method: 'GET', url: `/services/data/v${apiVersion}/query?q=${soql}`, referenceId };
  };

  async function read({ place, eventKeys }: ReceiptQuestion): Promise<ReceiptAnswer> {
    if (eventKeys.length > MOST_KEYS) throw new Error(`${eventKeys.length} keys in one question`);
    const from = readPlaces(place);
    const compositeRequest = [
      request('ended', queries.ended(from?.signals)),
      request('failed', queries.failed(from?.failures)),
      ...(eventKeys.length === 0
        ? []
        : [
            request('signals', queries.signalsOf(eventKeys)),
            request('failures', queries.failuresOf(eventKeys)),
          ]),
    ];
    const { compositeResponse } = await rest.post(
      '/composite',
      { allOrNone: false, compositeRequest },
      compositeReply,
    );
    const bodyOf = (part: Part): unknown => {
      const said = compositeResponse.find(({ referenceId }) => referenceId === part);
      if (said === undefined || said.httpStatusCode >= 300) throw refused(said?.body, part);
      return said.body;
    };
    const signals = queries.readEnded(bodyOf('ended'));
    const failures = queries.readFailed(bodyOf('failed'));
    const found =
      eventKeys.length === 0 ? [] : queries.readAsked(bodyOf('signals'), bodyOf('failures'));
    const next = {
      signals: nextPlace(from?.signals, signals.rows, from !== undefined && signals.more),
      failures: nextPlace(from?.failures, failures.rows, from !== undefined && failures.more),
    };
    // It has ended and is not among what changed: the place lies in the future of an org that was set back.
    const isStray = from !== undefined && signals.rows.length === 0 && found.some(isEnded);
    return {
      ...{ ended: signals.ended, failed: failures.failed, found },
      place: isStray ? undefined : writePlaces(next),
      more: from !== undefined && (signals.more || failures.more),
    };
  }

  return {
    read: (question) => asResult(() => read(question)),
    routeAgain: (ids, at) =>
      asResult(async () => {
        const records = ids.map((Id) => ({
          attributes: { type: `${prefix}Asset_Signal__c` },
          Id,
          [`${prefix}Retry_Requested_At__c`]: new Date(at).toISOString(),
        }));
        const body = { allOrNone: false, records };
        const results = await rest.patch('/composite/sobjects', body, saveResults);
        return ids.map((id, index) => ({ id, refused: whyNot(results[index]) }));
      }),
  };
}

const isEnded = ({ disposition }: ReceiptAnswer['found'][number]): boolean =>
  disposition !== 'Received' && disposition !== 'Refused';

/** Results come in the order of the records. */
function whyNot(result: z.output<typeof saveResults>[number] | undefined): string | undefined {
  if (result?.success === true) return undefined;
  const [first] = result?.errors ?? [];
  return first === undefined ? 'no result' : `${first.statusCode}: ${first.message}`;
}

function refused(body: unknown, part: Part): OrgError {
  const [first] = errorBody.safeParse(body).data ?? [];
  return new OrgError({
    kind: 'configuration',
    reason: `The org refused to say what became of events (${part}: ${first?.errorCode ?? 'no code'}, ${first?.message ?? 'no message'}).`,
    action: 'Give the bridge user the permission set Signal_Bridge; check salesforce.namespace.',
  });
}
