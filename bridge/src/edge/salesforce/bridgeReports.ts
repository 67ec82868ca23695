import { z } from 'zod';

import { MOST_DAYS } from '../../ports/bridgeReports.ts';
import type {
  BridgeReport,
  BridgeReports,
  DayReport,
  OrgLimits,
} from '../../ports/bridgeReports.ts';
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
/** `Suppressed_By_Reason__c` is a LongTextArea(4000). */
const MOST_REASONS = 4_000;
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
  const recordOf = (object: string, field: string, key: string): string =>
    `${data}/sobjects/${prefix}${object}/${prefix}${field}/${encodeURIComponent(key)}`;
  const record = recordOf('Signal_Bridge__c', 'Bridge_Key__c', bridgeKey);
  const toDay = (day: DayReport, index: number) => ({
    method: 'PATCH',
    url: recordOf('Signal_Bridge_Day__c', 'Day_Key__c', `${bridgeKey}#${day.day}`),
    referenceId: `day${index}`,
    body: {
      ...toDayFields(day, prefix),
      [`${prefix}Bridge__r`]: { [`${prefix}Bridge_Key__c`]: bridgeKey },
    },
  });

  return {
    report: (report, days = []) =>
      asResult(async () => {
        const compositeRequest = [
          { method: 'PATCH', url: record, referenceId: 'bridge', body: toFields(report, prefix) },
          ...days.slice(0, MOST_DAYS).map(toDay),
          { method: 'GET', url: `${data}/limits`, referenceId: 'limits' },
        ];
        const { compositeResponse } = await rest.post(
          '/composite',
          { allOrNone: false, compositeRequest },
          compositeReply,
        );
        const said = compositeResponse.find(({ referenceId }) => referenceId === 'limits');
        const written = compositeResponse.filter((one) => one !== said);
        const wrong = written.find(({ httpStatusCode }) => httpStatusCode >= 300);
        if (wrong !== undefined || written.length === 0) throw refused(wrong?.body);
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

function toDayFields(day: DayReport, prefix: string): Readonly<Record<string, unknown>> {
  const { suppressed } = day;
  const fields = {
    Day__c: day.day,
    Readings__c: day.readings,
    Quarantined__c: day.quarantined,
    Duplicates__c: day.duplicates,
    Signals__c: day.signals,
    Errors__c: day.errors,
    Suppressed__c: Object.values(suppressed).reduce((sum, count) => sum + count, 0),
    Suppressed_By_Reason__c: toText(suppressed),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}

/** The most frequent reasons, as many as fit; null where nothing was suppressed. */
function toText(suppressed: DayReport['suppressed']): string | null {
  const reasons = Object.entries(suppressed).toSorted(([, a], [, b]) => b - a);
  for (let count = reasons.length; count > 0; count -= 1) {
    const text = JSON.stringify(Object.fromEntries(reasons.slice(0, count)));
    if (text.length <= MOST_REASONS) return text;
  }
  return null;
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
