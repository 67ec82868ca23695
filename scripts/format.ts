/** `npm run format`: lays every file out as `npm run check` wants it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
const { status } = spawnSync(process.execPath, [prettier, '--write', '--log-level=warn', '.'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
