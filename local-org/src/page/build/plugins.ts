import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { sep } from 'node:path';

import type { Plugin } from 'rollup';

/** The API version that bundles are compiled for, as their `.js-meta.xml` says. */
export const API_VERSION = 66;

/** Reads TypeScript below a folder as JavaScript; types are checked elsewhere. */
export function stripTypes(folder: string): Plugin {
  return {
    name: 'types',
    load: (id) =>
      id.startsWith(folder + sep) && id.endsWith('.ts')
        ? stripTypeScriptTypes(readFileSync(id, 'utf8'))
        : undefined,
  };
}

/** An import by name that no plugin before this one knows ends the build, with its name. */
export function refuseUnresolved(): Plugin {
  return {
    name: 'imports',
    resolveId(id, importer) {
      if (importer === undefined || id.startsWith('.') || id.startsWith('/')) return undefined;
      return this.error({
        message: `"${id}" cannot be imported here; local-org/SUPPORT.md lists what can be`,
        id: importer.split('?')[0] ?? importer,
      });
    },
  };
}
