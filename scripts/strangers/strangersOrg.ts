import { createSign } from 'node:crypto';

import { ADMIN } from '../demo/orgSetup.ts';
import { CLIENT, makeWorld } from '../system/world.ts';
import type { OrgState, World } from '../system/world.ts';

/** The local org as a client meets that knows only the addresses and its own key. */
export interface StrangersOrg extends AsyncDisposable {
  readonly world: World;
  readonly state: OrgState;
  readonly login: {
    readonly clientId: string;
    readonly username: string;
    readonly privateKeyPem: string;
    readonly privateKeyFile: string;
  };
}

/** Starts an org process of its own with one device, `pump-001`, and the starter policies. */
export async function startStrangersOrg(): Promise<StrangersOrg> {
  const world = await makeWorld();
  try {
    const { state } = await world.startOrg();
    await world.seed(await world.admin(state), [{ key: 'pump-001', type: 'pump' }]);
    const { privateKeyPem, privateKeyFile } = world.key;
    return {
      world,
      state,
      login: { clientId: CLIENT, username: ADMIN, privateKeyPem, privateKeyFile },
      [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
    };
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}

/** A JWT bearer assertion, for clients that take one instead of the key. */
export function signAssertion({ state, login }: StrangersOrg): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = {
    iss: login.clientId,
    sub: login.username,
    aud: state.instanceUrl,
    exp: Math.floor(Date.now() / 1000) + 120,
  };
  const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  const signature = createSign('RSA-SHA256').update(signed).sign(login.privateKeyPem, 'base64url');
  return `${signed}.${signature}`;
}
