import type { KeyObject } from 'node:crypto';
import type { Result } from '../../model/result.ts';
import type { BridgeReports } from '../../ports/bridgeReports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdentitySource, UnmatchedSignals } from '../../ports/identity.ts';
import type { Notices, PlaceStore } from '../../ports/notices.ts';
import type { OrgFailure, Publisher } from '../../ports/publisher.ts';
import type { OrgPolicies } from '../../ports/policies.ts';
import type { Receipts } from '../../ports/receipts.ts';
import type { Views } from '../../ports/views.ts';
import { admitSessions } from './admitted.ts';
import type { Admission } from './admitted.ts';
import { makeBridgeReports } from './bridgeReports.ts';
import { makeIdentitySource } from './identitySource.ts';
import { asResult } from './orgError.ts';
import { makeOrgPolicies } from './orgPolicies.ts';
import { makePubSubPublisher } from './pubsub/publisher.ts';
import { makePubSubRpc } from './pubsub/rpc.ts';
import { makePubSubNotices } from './pubsub/subscriber.ts';
import { makeOrgReceipts } from './receipts.ts';
import { makeRest } from './rest.ts';
import { makeSessions } from './token.ts';
import type { Session, Sessions } from './token.ts';
import { makeUnmatchedSignals } from './unmatchedSignals.ts';
import { makeOrgViews } from './views.ts';

/** How to reach one org; durations in milliseconds. */
export interface OrgOptions {
  readonly loginUrl: string;
  readonly audience?: string | undefined;
  readonly clientId: string;
  readonly username: string;
  readonly privateKey: KeyObject;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly pubsub: {
    readonly endpoint: string;
    readonly ca?: Buffer;
    readonly answerTimeout: number;
  };
  readonly devices: { readonly cacheFor: number; readonly unknownFor: number };
  /** Under this name the bridge reports. */
  readonly heartbeat: { readonly name: string };
}

/** Everything the bridge does with one org, over one login. Connects when first used. */
export interface Org {
  /** A session that was admitted. */
  readonly login: () => Promise<Result<Session, OrgFailure>>;
  readonly identitySource: IdentitySource;
  readonly unmatched: UnmatchedSignals;
  readonly publisher: Publisher;
  readonly receipts: Receipts;
  readonly notices: Notices;
  readonly views: Views;
  readonly reports: BridgeReports;
  readonly policies: OrgPolicies;
  /** API calls so far, but for those of logging in. */
  readonly apiCalls: () => number;
}

/**
 * Closing the publisher closes the connection of the notices, too.
 *
 * @param admission makes what looks at each session before it is used
 * @param onLess told what signals go out without, and what to do; undefined: they are whole
 */
export function makeOrg(
  options: OrgOptions,
  places: PlaceStore,
  clock: Clock,
  admission: (sessions: Sessions) => Admission,
  onLess: (text: string | undefined) => void,
): Org {
  const { namespace, apiVersion, pubsub, devices, heartbeat, audience, ...login } = options;
  const logins = makeSessions({ ...login, ...(audience !== undefined && { audience }) }, clock);
  const sessions = admitSessions(logins, admission(logins));
  const rest = makeRest(sessions, apiVersion);
  // Of its own: it is told how many calls are the charts'.
  const chartRest = makeRest(sessions, apiVersion);
  const rpc = makePubSubRpc(pubsub);
  const { endpoint, answerTimeout: answerTimeoutMs } = pubsub;
  const remembering = {
    namespace,
    clock,
    ttlMs: devices.cacheFor,
    unknownTtlMs: devices.unknownFor,
  };
  return {
    login: () => asResult(() => sessions.current()),
    identitySource: makeIdentitySource({ rest, namespace, apiVersion }),
    unmatched: makeUnmatchedSignals({ rest, namespace }),
    publisher: makePubSubPublisher({
      ...{ rpc, sessions, endpoint, namespace, clock, answerTimeoutMs, onLess },
    }),
    receipts: makeOrgReceipts({ rest, namespace, apiVersion }),
    reports: makeBridgeReports({ rest, namespace, apiVersion, bridgeKey: heartbeat.name }),
    notices: makePubSubNotices({ rpc, sessions, places, endpoint, namespace }),
    policies: makeOrgPolicies({ rest, namespace }),
    views: makeOrgViews({ rest: chartRest, ...remembering }),
    apiCalls: () => rest.calls() + chartRest.calls(),
  };
}
