import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { loadMetadata } from './load.ts';
import type { OrgMetadata } from './schema.ts';

const XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

/** For tests: loads source given as path → content, from a folder that is gone afterwards. */
export function load(files: Readonly<Record<string, string>>): OrgMetadata {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-source-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return loadMetadata([folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** For tests: a metadata file of that root element. */
export function xmlOf(root: string, inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${XMLNS}>${inside}</${root}>`;
}

/** For tests: the file of a custom object with a text name. */
export function customObject(label: string, inside = ''): string {
  return xmlOf(
    'CustomObject',
    `<deploymentStatus>Deployed</deploymentStatus><label>${label}</label><nameField><label>Name</label><type>Text</type></nameField><pluralLabel>${label}s</pluralLabel><sharingModel>ReadWrite</sharingModel>${inside}`,
  );
}

/** For tests: the file of a permission set. */
export function permissionSet(inside: string, label = 'P'): string {
  return xmlOf('PermissionSet', `<label>${label}</label>${inside}`);
}
