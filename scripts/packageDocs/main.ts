import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readPath } from '../check/metadata/file.ts';
import type { MetadataFile } from '../check/metadata/file.ts';
import { readXml } from '../check/metadata/xml.ts';
import { describeFlows } from './flows.ts';
import { describeModel } from './model.ts';

const root = join(import.meta.dirname, '../..');

/** The pages about the package that are made from its metadata: path from the project's root → text. */
export function makePackageDocs(): ReadonlyMap<string, string> {
  const files = readPackage();
  return new Map([
    ['docs/model.md', `${describeModel(files)}\n`],
    ['docs/flows.md', `${describeFlows(files)}\n`],
  ]);
}

function readPackage(): readonly MetadataFile[] {
  return globSync('force-app/**/*-meta.xml', { cwd: root })
    .toSorted()
    .flatMap((path) => {
      const { name, type, object } = readPath(path);
      const xml = readXml(readFileSync(join(root, path), 'utf8'));
      if (type === undefined || !xml.ok) throw new Error(`${path} cannot be read; npm run check`);
      return [{ path, name, type, object, root: xml.root }];
    });
}

if (import.meta.main) {
  for (const [path, text] of makePackageDocs()) writeFileSync(join(root, path), text);
}
