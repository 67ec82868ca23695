import { join } from 'node:path';

import { ensureTool } from '../../tools/ensureTool.ts';
import type { Contestant } from './contestant.ts';
import { startScript } from './script.ts';

/** MQTT library, zod and `salesforce-pubsub-api-client`, nothing durable. */
export const naive: Contestant = {
  name: 'naive',
  signals: 'org',
  clears: false,
  async start({ url, org: { loginUrl, endpoint, caFile }, folder }) {
    await ensureTool('strangers');
    const script = join(import.meta.dirname, 'naiveBridge.ts');
    return startScript([script, url, loginUrl, endpoint, caFile, folder], folder);
  },
};
