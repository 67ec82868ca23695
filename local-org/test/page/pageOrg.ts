import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { writeSource } from '../../src/page/testSource.ts';
import { startOrgProcess } from '../orgProcess.ts';

/** A local org as a process, over a small package of its own. */
export interface PageOrg {
  readonly url: string;
  /** Where its metadata lies; tests change bundles there. */
  readonly source: string;
  /** Saves as the administrator and gives the id. */
  create(object: string, values: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

export const ADMIN = 'admin@example.test';
export const TECHNICIAN = 'technician@example.test';

/** Everything but the technician's right to see Assets and Cases of others. */
const setup = {
  users: [
    { username: ADMIN, profile: 'System Administrator' },
    { username: TECHNICIAN, profile: 'Standard User', permissionSets: ['Technician'] },
  ],
  sharing: { Asset: 'Private' },
};

/** Starts an org with the given files as its metadata. */
export async function startPageOrg(files: Readonly<Record<string, string>>): Promise<PageOrg> {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-page-'));
  const source = join(folder, 'source');
  writeSource(source, files);
  const { url, logIn, stop } = await startOrgProcess(folder, source, setup, '--prepare-pages');
  const cookie = await logIn(ADMIN);
  return {
    url,
    source,
    async create(object, values) {
      const response = await fetch(`${url}/services/data/v66.0/sobjects/${object}`, {
        method: 'POST',
        headers: { cookie, origin: url, 'content-type': 'application/json' },
        body: JSON.stringify(values),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${object}: ${text}`);
      return z.object({ id: z.string() }).parse(JSON.parse(text)).id;
    },
    stop,
  };
}
