/**
 * What the Pub/Sub API's own error codes ask of a client. By class:
 *
 * - `retry`: the service is not there; ask again with growing pauses and jitter
 * - `session`: log in again, then repeat
 * - `slow`: too much at once; ask again with growing pauses, and come back slowly
 * - `wait`: a limit is spent; nothing helps before some of its window has passed
 * - `reopen`: the stream was closed in the normal course of things; open another
 * - `schema`: fetch the schema again, then repeat; the event that is still refused is a dead letter
 * - `place`: subscribe from elsewhere, the org does not know the place asked for
 * - `setup`: a person has to change something; ask again all the same, seldom
 * - `fault`: a request the bridge does not make, and a fault of its own if it comes
 */
export type CodeClass =
  'retry' | 'session' | 'slow' | 'wait' | 'reopen' | 'schema' | 'place' | 'setup' | 'fault';

export interface CodeRule {
  readonly class: CodeClass;
  /** What a person should do; absent: nothing, the bridge tries again by itself. */
  readonly action?: string;
  /** Shortest pause where trying sooner is of no use. */
  readonly waitMs?: number;
}

const MINUTE = 60_000;
const PERMISSION = 'Give the bridge user the permission set Signal_Bridge.';
const INSTALL =
  'Install the package, and set salesforce.namespace where it was installed with one.';
const SESSION = "Check the bridge user's session and login IP ranges.";
const HEADERS =
  'Check salesforce.loginUrl and salesforce.pubsub.endpoint: they must belong to the same org.';
const SUPPORT = 'See the reason; this is a fault of the bridge: report it with the rpcId.';

/**
 * Every code that is documented for the calls the bridge makes, by the trailer `error-code` without
 * its prefix.
 * Source: Pub/Sub API guide, "Handle Errors" (developer.salesforce.com/docs/platform/pub-sub-api/guide/
 * handling-errors.html) and "Retry Long-Lived RPC Calls After an Error Occurs" (…/retry-rpc-calls.html).
 */
export const errorCodes = {
  // General
  'service.unavailable': { class: 'retry' },
  'service.auth.error': { class: 'session', action: SESSION },
  'service.auth.headers.invalid': { class: 'setup', action: HEADERS },
  'service.auth.refresh.invalid': { class: 'fault' },
  'service.tenant.license': {
    class: 'setup',
    action: 'Platform events need a licence this org lacks: ask its administrator.',
  },
  'service.protection.triggered': { class: 'slow' },
  'service.protection.stream.limit.triggered': { class: 'slow' },
  'concurrent.client.limit.exceeded': {
    class: 'wait',
    action: 'Too many Pub/Sub clients use this org: close some.',
    waitMs: MINUTE,
  },
  // Topic and schema
  'topic.not.found': { class: 'setup', action: INSTALL },
  'topic.meta.permission': { class: 'setup', action: PERMISSION },
  'topic.api.unavailable': { class: 'retry' },
  'topic.validation.empty': { class: 'fault' },
  'schema.meta.permission': { class: 'setup', action: PERMISSION },
  'schema.api.unavailable': { class: 'retry' },
  'schema.validation.failed': {
    class: 'schema',
    action: 'See the reason; the event is kept as a dead letter.',
  },
  // Publish
  'publish.stream.sweeper.timeout': { class: 'reopen' },
  'publish.auth.refresh.invalid': { class: 'fault' },
  'publish.event.count.invalid': { class: 'fault' },
  'publish.topic.mismatch': { class: 'fault' },
  'publish.topic.validation.empty': { class: 'fault' },
  // Subscribe
  'subscription.fetch.replayid.corrupted': { class: 'place' },
  'subscription.fetch.replayid.validation.failed': { class: 'place' },
  // An event came with a lower replay id than the one before; the place that was kept last still holds.
  'subscription.fetch.replay.repeated': { class: 'reopen' },
  'subscription.fetch.timeout': { class: 'reopen' },
  'subscription.fetch.overflow': { class: 'fault' },
  'subscription.fetch.requested.events.invalid': { class: 'fault' },
  'subscription.fetch.topic.mismatch': { class: 'fault' },
  'subscription.fetch.request.invalid': { class: 'fault' },
  'subscription.internal.error': { class: 'retry' },
  'subscription.topic.cannot.subscribe': { class: 'setup', action: PERMISSION },
  'subscription.limit.exceeded': {
    class: 'wait',
    action:
      "The day's event deliveries are spent (Setup, Platform Events): see what else subscribes.",
    // The window is the last 24 hours, and rolls.
    waitMs: 15 * MINUTE,
  },
} as const satisfies Readonly<Record<string, CodeRule>>;

export type ErrorCode = keyof typeof errorCodes;

export const findCode = (short: string): CodeRule | undefined =>
  Object.hasOwn(errorCodes, short) ? errorCodes[short as ErrorCode] : undefined;

export const ACTION_OF_FAULT = SUPPORT;

/** What the refusal of one event says: about that event, or about the org as a whole. */
export interface EventRule {
  readonly about: 'event' | 'org';
  /** Of an event: no repeat can help. */
  readonly permanent?: boolean;
  readonly kind?: 'unreachable' | 'busy' | 'configuration';
  readonly action?: string;
  readonly waitMs?: number;
}

/**
 * Words in the message of one refused event. The API does not say which code stands where in it, so they
 * are looked for.
 * Source: Platform Events Developer Guide, "Platform Event Error Status Codes"; the last four are the platform's
 * status codes for values that do not fit (SOAP API guide, "StatusCode").
 */
export const eventErrors: Readonly<Record<string, EventRule>> = {
  LIMIT_EXCEEDED: {
    about: 'org',
    kind: 'busy',
    action:
      "The hour's event publishing is spent (Setup, Platform Events): see what else publishes.",
    // The window is the last hour, and rolls: a twelfth of it has passed by then.
    waitMs: 5 * MINUTE,
  },
  PLATFORM_EVENT_PUBLISHING_UNAVAILABLE: { about: 'org', kind: 'unreachable' },
  PLATFORM_EVENT_ENCRYPTION_ERROR: {
    about: 'org',
    kind: 'configuration',
    action: 'Check the encryption of platform events in Setup (Event Bus tenant secret).',
  },
  PLATFORM_EVENT_PUBLISH_FAILED: { about: 'event' },
  EVENT_SIZE: { about: 'event', permanent: true },
  INVALID_EVENT: { about: 'event', permanent: true },
  FIELD_INTEGRITY_EXCEPTION: { about: 'event', permanent: true },
  STRING_TOO_LONG: { about: 'event', permanent: true },
};

/** Everything unknown is about the event, and repeated some times. */
export function findEventRule(message: string): EventRule {
  const word = Object.keys(eventErrors).find((known) => message.includes(known));
  return (word === undefined ? undefined : eventErrors[word]) ?? { about: 'event' };
}
