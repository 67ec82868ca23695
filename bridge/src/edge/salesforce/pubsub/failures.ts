import { Metadata, status } from '@grpc/grpc-js';
import type { OrgFailure } from '../../../ports/publisher.ts';

/**
 * What to do about a failed call.
 * `session`: log in again, then repeat. `schema`: fetch the schema again, then repeat.
 * `reopen`: the stream was closed in the normal course of things, open another.
 * `place`: subscribe from elsewhere, the org does not know the place asked for.
 * `stop`: report to the caller.
 */
export interface CallFailure {
  readonly cure: 'session' | 'schema' | 'reopen' | 'place' | 'stop';
  readonly failure: OrgFailure;
}

type Rule = readonly [cure: CallFailure['cure'], kind: OrgFailure['kind'], action: string];

const wait = 'The bridge tries again by itself.';
const CODE_PREFIX = 'sfdc.platform.eventbus.grpc.';

/** Trailer `error-code` without its prefix. Source: Pub/Sub API guide, "Handling errors". */
const byErrorCode: Readonly<Record<string, Rule>> = {
  'service.unavailable': ['stop', 'unreachable', wait],
  'topic.api.unavailable': ['stop', 'unreachable', wait],
  'schema.api.unavailable': ['stop', 'unreachable', wait],
  'publish.stream.sweeper.timeout': ['reopen', 'unreachable', wait],
  'service.auth.error': [
    'session',
    'refused',
    "Check the bridge user's session and login IP ranges.",
  ],
  'service.protection.triggered': ['stop', 'busy', wait],
  'service.protection.stream.limit.triggered': ['stop', 'busy', wait],
  'service.auth.headers.invalid': [
    'stop',
    'configuration',
    'Check salesforce.loginUrl and salesforce.pubsub.endpoint: they must belong to the same org.',
  ],
  'service.tenant.license': [
    'stop',
    'configuration',
    'Platform events need a licence this org lacks: ask its administrator.',
  ],
  'concurrent.client.limit.exceeded': [
    'stop',
    'busy',
    'Too many Pub/Sub clients use this org: close some.',
  ],
  'topic.not.found': [
    'stop',
    'configuration',
    'Install the package, and set salesforce.namespace where it was installed with one.',
  ],
  'topic.meta.permission': [
    'stop',
    'configuration',
    'Give the bridge user the permission set Signal_Bridge.',
  ],
  'schema.meta.permission': [
    'stop',
    'configuration',
    'Give the bridge user the permission set Signal_Bridge.',
  ],
  'subscription.internal.error': ['stop', 'unreachable', wait],
  'subscription.fetch.timeout': ['reopen', 'unreachable', wait],
  'subscription.limit.exceeded': [
    'stop',
    'busy',
    "The day's event deliveries are spent (Setup, Platform Events): see what else subscribes.",
  ],
  'subscription.topic.cannot.subscribe': [
    'stop',
    'configuration',
    'Give the bridge user the permission set Signal_Bridge.',
  ],
  'subscription.fetch.replayid.corrupted': ['place', 'unreachable', wait],
  'subscription.fetch.replayid.validation.failed': ['place', 'unreachable', wait],
  'schema.validation.failed': [
    'schema',
    'content',
    'See the reason; the event is kept as a dead letter.',
  ],
};

const byStatus: Readonly<Record<number, Rule>> = {
  [status.UNAUTHENTICATED]: [
    'session',
    'refused',
    "Check the bridge user's session and login IP ranges.",
  ],
  [status.PERMISSION_DENIED]: [
    'stop',
    'configuration',
    'Give the bridge user the permission set Signal_Bridge.',
  ],
  [status.NOT_FOUND]: [
    'stop',
    'configuration',
    'Install the package, and set salesforce.namespace where it was installed with one.',
  ],
  [status.RESOURCE_EXHAUSTED]: ['stop', 'busy', wait],
  [status.INVALID_ARGUMENT]: [
    'stop',
    'configuration',
    'See the reason; the bridge tries again by itself.',
  ],
  [status.OK]: ['reopen', 'unreachable', wait],
};

/** Classifies the error of a call: by its trailer, else by its gRPC status. */
export function classifyCall(endpoint: string, error: unknown): CallFailure {
  const { code, details, errorCode } = describe(error);
  const short = errorCode?.startsWith(CODE_PREFIX)
    ? errorCode.slice(CODE_PREFIX.length)
    : errorCode;
  const known =
    short !== undefined && Object.hasOwn(byErrorCode, short) ? byErrorCode[short] : undefined;
  const rule = known ?? (code === undefined ? undefined : byStatus[code]);
  const [cure, kind, action] = rule ?? (['stop', 'unreachable', adviceFor(details)] satisfies Rule);
  const named = errorCode ?? (code === undefined ? 'no status' : status[code]);
  return {
    cure,
    failure: {
      kind,
      reason: `The Pub/Sub API at ${endpoint} answered ${named}: ${details}.`,
      action,
    },
  };
}

/** A connection that does not come about says why only in words; they choose advice, nothing else. */
function adviceFor(details: string): string {
  if (/certificate|self.signed|issuer|altname/i.test(details)) {
    return 'Set salesforce.pubsub.caFile to the CA the endpoint (or the proxy before it) was signed by.';
  }
  return 'Check salesforce.pubsub.endpoint and the network; the bridge tries again by itself.';
}

function describe(error: unknown): { code?: number; details: string; errorCode?: string } {
  if (!(error instanceof Error)) return { details: String(error) };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  const details =
    'details' in error && typeof error.details === 'string' ? error.details : error.message;
  const errorCode = trailerOf(error);
  return {
    details,
    ...(code !== undefined && { code }),
    ...(errorCode !== undefined && { errorCode }),
  };
}

function trailerOf(error: Error): string | undefined {
  if (!('metadata' in error) || !(error.metadata instanceof Metadata)) return undefined;
  const [value] = error.metadata.get('error-code');
  return typeof value === 'string' ? value : undefined;
}

/** Per-event codes a repeat cannot help, by the words in the message. [platform_events_error_status_codes] */
const permanentEventErrors = ['EVENT_SIZE', 'INVALID_EVENT', 'FIELD_INTEGRITY', 'STRING_TOO_LONG'];

/** Whether repeating one refused event can never help. Everything unknown is repeated some times. */
export function isPermanentEventError(message: string): boolean {
  return permanentEventErrors.some((code) => message.includes(code));
}
