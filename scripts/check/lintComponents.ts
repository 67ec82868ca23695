import { globSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTool } from '../tools/ensureTool.ts';
import { commandStep } from './command.ts';
import type { Step } from './step.ts';

/**
 * ESLint with Salesforce's rules for Lightning web components, and nothing else: oxlint does not know them.
 * Installs ESLint when it is not there. A project without components is a finding, not a pass.
 */
export const lwcStep: Step = {
  name: 'lwc',
  async run(root) {
    if (globSync('force-app/**/lwc/**/*.js', { cwd: root }).length === 0) {
      return ['force-app holds no Lightning web component'];
    }
    const tool = await ensureTool('lwc');
    const config = join(tool, 'eslint.config.mjs');
    const args = ['--config', config, '--max-warnings=0', '--format', join(tool, 'oneLine.cjs')];
    return commandStep('lwc', join(tool, 'node_modules/eslint/bin/eslint.js'), [
      ...args,
      'force-app',
    ]).run(root);
  },
};
