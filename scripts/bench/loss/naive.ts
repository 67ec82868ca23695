import { join } from 'node:path';

import { z } from 'zod';

import { BRIDGE_USER } from '../../demo/orgSetup.ts';
import { startNode } from '../../system/child.ts';
import { CLIENT } from '../../system/world.ts';
import { ensureTool } from '../../tools/ensureTool.ts';
import type { Contender, Surroundings } from './contender.ts';

const user = z.object({ Id: z.string() });
const PROGRAM = join(import.meta.dirname, '../contestants/naiveBridge.ts');

/** The naive bridge of the other benchmarks, with the library's own session, or one that survives it. */
export async function makeNaive({
  world,
  state,
  brokerUrl,
  keepsSession,
  naiveBatchMs,
  folder,
}: Surroundings): Promise<Contender> {
  await ensureTool('strangers');
  const admin = await world.admin(state);
  const [found] = await admin.query(`SELECT Id FROM User WHERE Username = '${BRIDGE_USER}'`);
  const args = [PROGRAM, brokerUrl, state.instanceUrl, state.pubsubEndpoint, state.pubsubCaFile];
  const env = {
    NAIVE_KEY_FILE: world.key.privateKeyFile,
    NAIVE_CLIENT_ID: CLIENT,
    NAIVE_USERNAME: BRIDGE_USER,
    NAIVE_USER_ID: user.parse(found).Id,
    NAIVE_POLICY: 'pump-vibration-high',
    NAIVE_SESSION: keepsSession ? 'kept' : 'clean',
    ...(naiveBatchMs !== undefined && { NAIVE_BATCH_MS: String(naiveBatchMs) }),
  };
  return { name: 'naive', start: async () => startNode([...args, folder], env) };
}
