import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Notices, PlaceStore } from '../../ports/notices.ts';
import type { Publisher } from '../../ports/publisher.ts';
import type { Receipts } from '../../ports/receipts.ts';
import type { Views } from '../../ports/views.ts';
import { makeOrgDirectory } from './directory.ts';
import { makePubSubPublisher } from './pubsub/publisher.ts';
import { makePubSubRpc } from './pubsub/rpc.ts';
import { makePubSubNotices } from './pubsub/subscriber.ts';
import { makeOrgReceipts } from './receipts.ts';
import { makeRest } from './rest.ts';
import { makeSessions } from './token.ts';
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
}

/** Everything the bridge does with one org, over one login. Connects when first used. */
export interface Org {
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly receipts: Receipts;
  readonly notices: Notices;
  readonly views: Views;
}

/** Closing the publisher closes the connection of the notices, too. */
export function makeOrg(options: OrgOptions, places: PlaceStore, clock: Clock): Org {
  const { namespace, apiVersion, pubsub, devices, audience, ...login } = options;
  const sessions = makeSessions({ ...login, ...(audience !== undefined && { audience }) }, clock);
  const rest = makeRest(sessions, apiVersion);
  const rpc = makePubSubRpc(pubsub);
  const { endpoint, answerTimeout: answerTimeoutMs } = pubsub;
  const remembering = {
    namespace,
    clock,
    ttlMs: devices.cacheFor,
    unknownTtlMs: devices.unknownFor,
  };
  return {
    directory: makeOrgDirectory({ rest, ...remembering }),
    publisher: makePubSubPublisher({ rpc, sessions, endpoint, namespace, clock, answerTimeoutMs }),
    receipts: makeOrgReceipts({ rest, namespace, apiVersion }),
    notices: makePubSubNotices({ rpc, sessions, places, endpoint, namespace }),
    views: makeOrgViews({ rest: makeRest(sessions, apiVersion), ...remembering }),
  };
}
