import { Metadata, status } from '@grpc/grpc-js';
import type { OrgFailure } from '../../../ports/publisher.ts';
import { ACTION_OF_FAULT, findCode } from './errorCodes.ts';
import type { CodeClass, CodeRule } from './errorCodes.ts';

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

const CODE_PREFIX = 'sfdc.platform.eventbus.grpc.';
const AGAIN = 'The bridge tries again by itself.';

/** What each class of code means for a call, and for who waits for it. */
const byClass: Readonly<Record<CodeClass, readonly [CallFailure['cure'], OrgFailure['kind']]>> = {
  retry: ['stop', 'unreachable'],
  session: ['session', 'refused'],
  slow: ['stop', 'busy'],
  wait: ['stop', 'busy'],
  reopen: ['reopen', 'unreachable'],
  schema: ['schema', 'content'],
  place: ['place', 'unreachable'],
  setup: ['stop', 'configuration'],
  fault: ['stop', 'configuration'],
};

/** Where the API gives no code of its own. Source: grpc.github.io/grpc/core/md_doc_statuscodes.html */
const byStatus: Readonly<Record<number, CodeRule>> = {
  [status.UNAUTHENTICATED]: {
    class: 'session',
    action: "Check the bridge user's session and login IP ranges.",
  },
  [status.PERMISSION_DENIED]: {
    class: 'setup',
    action: 'Give the bridge user the permission set Signal_Bridge.',
  },
  [status.NOT_FOUND]: {
    class: 'setup',
    action: 'Install the package, and set salesforce.namespace where it was installed with one.',
  },
  [status.RESOURCE_EXHAUSTED]: { class: 'slow' },
  [status.INVALID_ARGUMENT]: {
    class: 'setup',
    action: 'See the reason; the bridge tries again by itself.',
  },
  [status.OK]: { class: 'reopen' },
};

/** Classifies the error of a call: by its trailer, else by its gRPC status. */
export function classifyCall(endpoint: string, error: unknown): CallFailure {
  const { code, details, errorCode } = describe(error);
  const short = errorCode?.startsWith(CODE_PREFIX)
    ? errorCode.slice(CODE_PREFIX.length)
    : errorCode;
  const rule =
    (short === undefined ? undefined : findCode(short)) ??
    (code === undefined ? undefined : byStatus[code]);
  const [cure, kind] = byClass[rule?.class ?? 'retry'];
  const named = errorCode ?? (code === undefined ? 'no status' : status[code]);
  return {
    cure,
    failure: {
      kind,
      reason: `The Pub/Sub API at ${endpoint} answered ${named}: ${details}.`,
      action: rule === undefined ? adviceFor(details) : actionOf(rule),
      ...(rule?.waitMs !== undefined && { waitMs: rule.waitMs }),
    },
  };
}

function actionOf({ class: kind, action }: CodeRule): string {
  return action ?? (kind === 'fault' ? ACTION_OF_FAULT : AGAIN);
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
