import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSET_PATH } from './build/asset.ts';
import { BROWSER_FOLDER, packageFolder } from './build/modules.ts';

/** Files of pages that need no build, at addresses with a hash of their content. */
export interface Statics {
  readonly styles: readonly string[];
  /** The script of the page that waits for a build. */
  readonly waitScript: string;
  file(name: string): string | undefined;
}

/** Reads the design system (SLDS 2, Cosmos), the frame's own style and the waiting page's script. */
export function readStatics(): Statics {
  const files = new Map<string, string>();
  const add = (stem: string, ending: string, content: string): string => {
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10);
    const name = `${stem}-${hash}.${ending}`;
    files.set(name, content);
    return `${ASSET_PATH}${name}`;
  };
  const text = (path: string): string => readFileSync(path, 'utf8');
  const slds = packageFolder('@salesforce-ux/design-system-2');
  return {
    styles: [
      add('slds2', 'css', text(join(slds, 'dist/css/bundled/slds2.cosmos.css'))),
      add('frame', 'css', text(join(BROWSER_FOLDER, 'page/frame.css'))),
      add('parts', 'css', text(join(BROWSER_FOLDER, 'page/parts.css'))),
      add('flow', 'css', text(join(BROWSER_FOLDER, 'flow/flow.css'))),
    ],
    waitScript: add('wait', 'js', text(join(BROWSER_FOLDER, 'page/wait.js'))),
    file: (name) => files.get(name),
  };
}
