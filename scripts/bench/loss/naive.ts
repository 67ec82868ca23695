import { join } from 'node:path';

import { BRIDGE_USER } from '../../demo/orgSetup.ts';
import { startNode } from '../../system/child.ts';
import { CLIENT } from '../../system/world.ts';
import { ensureTool } from '../../tools/ensureTool.ts';
import type { Contender, Surroundings } from './contender.ts';

const PROGRAM = join(import.meta.dirname, '../contestants/naiveBridge.ts');

/** The naive bridge of the other benchmarks, with a session at the broker that survives it. */
export async function makeNaive({
  world,
  state,
  brokerUrl,
  folder,
}: Surroundings): Promise<Contender> {
  await ensureTool('strangers');
  const args = [PROGRAM, brokerUrl, state.instanceUrl, state.pubsubEndpoint, state.pubsubCaFile];
  const env = {
    NAIVE_KEY_FILE: world.key.privateKeyFile,
    NAIVE_CLIENT_ID: CLIENT,
    NAIVE_USERNAME: BRIDGE_USER,
    NAIVE_POLICY: 'pump-vibration-high',
    NAIVE_SESSION: 'kept',
  };
  return { name: 'naive', start: async () => startNode([...args, folder], env) };
}
