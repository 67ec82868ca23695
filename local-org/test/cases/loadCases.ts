import { readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { collected } from './collect.ts';
import type { FlowCase } from './collect.ts';

const collector = new URL('./collect.ts', import.meta.url).href;

/**
 * The cases of the flow tests as they are, without running them: `test` in their files only writes them down.
 * To be called once a process.
 *
 * @param folders of `local-org/test`
 */
export async function loadCases(folders: readonly string[]): Promise<readonly FlowCase[]> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'node:test' && context.parentURL?.endsWith('.cases.ts') === true
        ? { url: collector, shortCircuit: true }
        : next(specifier, context),
  });
  for (const name of folders) {
    const folder = join(import.meta.dirname, '..', name);
    for (const file of readdirSync(folder).toSorted()) {
      if (file.endsWith('.cases.ts')) await import(pathToFileURL(join(folder, file)).href);
    }
  }
  hooks.deregister();
  return collected;
}
