import { createPrivateKey } from 'node:crypto';

import { Connection } from 'jsforce';

import { makeRest } from '../../bridge/src/edge/salesforce/rest.ts';
import type { Rest } from '../../bridge/src/edge/salesforce/rest.ts';
import { makeSessions } from '../../bridge/src/edge/salesforce/token.ts';
import type { Sessions } from '../../bridge/src/edge/salesforce/token.ts';
import { toEpochMs } from '../../bridge/src/model/brand.ts';
import { ADMIN, BRIDGE_USER } from '../demo/orgSetup.ts';
import { CLIENT } from './world.ts';
import type { OrgState, World } from './world.ts';

/** The version of the API that tests ask in. */
export const API_VERSION = '66.0';

/** Logins of the bridge's own kind, as the bridge's user unless another is named. */
export function sessionsOf(world: World, state: OrgState, username = BRIDGE_USER): Sessions {
  const privateKey = createPrivateKey(world.key.privateKeyPem);
  const login = { loginUrl: state.instanceUrl, clientId: CLIENT, username, privateKey };
  return makeSessions(login, () => toEpochMs(Date.now()));
}

/** The bridge's REST client with the rights of the bridge's user. */
export const restOf = (world: World, state: OrgState): Rest =>
  makeRest(sessionsOf(world, state), API_VERSION);

/** The org by way of jsforce, with the rights of its administrator. */
export async function connectAdmin(world: World, state: OrgState): Promise<Connection> {
  const { accessToken } = await sessionsOf(world, state, ADMIN).current();
  return new Connection({ instanceUrl: state.instanceUrl, accessToken, version: API_VERSION });
}
