import { z } from 'zod';

import type { BridgeReport, BridgeReports, OrgLimits } from '../../ports/bridgeReports.ts';
import { asResult, OrgError } from './orgError.ts';
import type { Rest } from './rest.ts';

export interface BridgeReportsOptions {
  readonly rest: Rest;
  readonly namespace: string;
  readonly apiVersion: string;
  /** The name of the bridge in the org, `Bridge_Key__c`; 1 to 80 characters. */
  readonly bridgeKey: string;
}

/** `Message__c` is a Text(255). */
const MOST_MESSAGE = 255;
/** `Version__c` is a Text(40). */
const MOST_VERSION = 40;

const compositeReply = z.object({
  compositeResponse: z.array(
    z.object({ body: z.unknown(), httpStatusCode: z.number(), referenceId: z.string() }),
  ),
});
const errorBody = z.array(z.looseObject({ errorCode: z.string(), message: z.string() }));
const limit = z
  .object({ Max: z.number(), Remaining: z.number() })
  .transform(({ Max: max, Remaining: left }) => ({ max, left }));
/** Source: REST API guide, "Limits"; an org leaves out what it does not have. */
const limits = z.object({
  HourlyPublishedPlatformEvents: limit.optional(),
  DailyApiRequests: limit.optional(),
  DailyDeliveredPlatformEvents: limit.optional(),
  DataStorageMB: limit.optional(),
});

/** `Signal_Bridge__c` of one org over REST. */
export function makeBridgeReports(options: BridgeReportsOptions): BridgeReports {
  const { rest, namespace, apiVersion, bridgeKey } = options;
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const data = `/services/data/v${apiVersion}`;
  const record =
    `${data}/sobjects/${prefix}Signal_Bridge__c/${prefix}Bridge_Key__c/` +
    encodeURIComponent(bridgeKey);

  return {
    report: (report) =>
      asResult(async () => {
        const compositeRequest = [
          { method: 'PATCH', url: record, referenceId: 'bridge', body: toFields(report, prefix) },
          { method: 'GET', url: `${data}/limits`, referenceId: 'limits' },
        ];
        const { compositeResponse } = await rest.post(
          '/composite',
          { allOrNone: false, compositeRequest },
          compositeReply,
        );
        const answers = new Map(compositeResponse.map((one) => [one.referenceId, one]));
        const written = answers.get('bridge');
        if (written === undefined || written.httpStatusCode >= 300) throw refused(written?.body);
        const said = answers.get('limits');
        // Limits are a help, not a need: an org that does not tell them is worked with all the same.
        if (said === undefined || said.httpStatusCode >= 300) return {};
        return toLimits(limits.parse(said.body));
      }),
  };
}

function toFields(report: BridgeReport, prefix: string): Readonly<Record<string, unknown>> {
  const { at, dueAt, status, version, waiting, deadLetters, devices, left, message } = report;
  const fields = {
    Heartbeat_At__c: new Date(at).toISOString(),
    Heartbeat_Due_At__c: dueAt === undefined ? null : new Date(dueAt).toISOString(),
    Status__c: status,
    Version__c: version.slice(0, MOST_VERSION),
    Waiting_Events__c: waiting,
    Dead_Letters__c: deadLetters,
    Devices__c: devices,
    Publishes_Left__c: left.publishes ?? null,
    Api_Calls_Left__c: left.apiCalls ?? null,
    Deliveries_Left__c: left.deliveries ?? null,
    Signal_Rows_Left__c: left.signalRows ?? null,
    Message__c: message === '' ? null : message.slice(0, MOST_MESSAGE),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}

function toLimits(said: z.output<typeof limits>): OrgLimits {
  const {
    HourlyPublishedPlatformEvents: publishes,
    DailyApiRequests: apiCalls,
    DailyDeliveredPlatformEvents: deliveries,
    DataStorageMB: storage,
  } = said;
  return {
    ...(publishes !== undefined && { publishes }),
    ...(apiCalls !== undefined && { apiCalls }),
    ...(deliveries !== undefined && { deliveries }),
    ...(storage !== undefined && { storage }),
  };
}

function refused(body: unknown): OrgError {
  const [first] = errorBody.safeParse(body).data ?? [];
  return new OrgError({
    kind: 'configuration',
    reason: `The org did not take the report of the bridge (${first?.errorCode ?? 'no code'}: ${first?.message ?? 'no message'}).`,
    action: 'Give the bridge user the permission set Signal_Bridge; check salesforce.namespace.',
  });
}
