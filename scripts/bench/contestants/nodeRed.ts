import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureTool } from '../../tools/ensureTool.ts';
import type { Contestant } from './contestant.ts';
import { makeNodeRedFlow } from './nodeRedFlow.ts';
import { startScript } from './script.ts';

/** Node-RED without its editor, with a flow that does the least that could be called the same. */
export const nodeRed: Contestant = {
  name: 'nodeRed',
  signals: 'broker',
  clears: false,
  async start({ url, folder }) {
    const tool = await ensureTool('node-red');
    const flowFile = join(folder, 'flows.json');
    await writeFile(flowFile, JSON.stringify(makeNodeRedFlow(url)));
    const settings = join(folder, 'settings.cjs');
    await writeFile(
      settings,
      'module.exports = { httpAdminRoot: false, httpNodeRoot: false, uiPort: 0, uiHost: "127.0.0.1", ' +
        'credentialSecret: false, logging: { console: { level: "warn" } } };\n',
    );
    const program = join(tool, 'node_modules/node-red/red.js');
    return startScript([program, '--settings', settings, '--userDir', folder, flowFile], folder);
  },
};
