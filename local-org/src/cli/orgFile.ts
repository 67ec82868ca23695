import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How others find the running org; the content of `org.json`. */
export interface OrgFile {
  readonly instanceUrl: string;
  readonly pubsubEndpoint: string;
  readonly pubsubCaFile: string;
  readonly organizationId: string;
  readonly pid: number;
}

/** Writes `org.json` at once or not at all: a reader never sees half of it. */
export function writeOrgFile(dataDir: string, org: OrgFile): void {
  const path = join(dataDir, 'org.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(org, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Removes `org.json`, so that nobody takes a stopped org for a running one. */
export function removeOrgFile(dataDir: string): void {
  rmSync(join(dataDir, 'org.json'), { force: true });
}

/** Deletes the org's rows, events and tokens; its certificates stay. */
export function deleteState(dataDir: string): void {
  for (const name of ['org.sqlite', 'org.sqlite-wal', 'org.sqlite-shm'])
    rmSync(join(dataDir, name), { force: true });
}
