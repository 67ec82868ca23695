import type { Router } from 'express';

import type { Access } from '../api/access.ts';
import type { Grants } from '../api/accessControl.ts';
import type { PageMetadata } from '../metadata/pages.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import type { RecordStore } from '../store/records.ts';
import { makeBuilder } from './builder.ts';
import { chooseCacheFolder } from './cacheFolder.ts';
import { LAYOUTS } from './layouts.ts';
import { pageRoutes } from './routes.ts';
import { readStatics } from './statics.ts';

/** What pages are made of, as the org's start knows it. */
export interface PagesOptions {
  readonly metadata: OrgMetadata;
  readonly pages: PageMetadata;
  readonly access: Access;
  /** Whether a user may run a screen flow. */
  readonly mayRun: (userId: string, flow: string) => boolean;
  /** By user id. */
  readonly grants: ReadonlyMap<string, Grants>;
  /** For the names of users; records are read through the API only. */
  readonly store: RecordStore;
  /** Folders of metadata. */
  readonly roots: readonly string[];
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

/** The pages of the org. */
export interface Pages {
  readonly router: Router;
  /** Builds at once instead of when the first page is asked for. */
  prepare(): void;
  close(): void;
}

export function makePages(options: PagesOptions): Pages {
  const { metadata, pages, access, grants, store, roots, log } = options;
  const icons = [
    'standard:custom',
    ...Object.values(LAYOUTS).map(({ icon }) => icon),
    ...[...pages.tabs.values()].map(({ icon }) => icon),
  ];
  const cacheFolder = chooseCacheFolder(options.dataDir);
  const builder = makeBuilder({ roots, icons, cacheFolder }, log);
  return {
    router: pageRoutes({
      metadata,
      pages,
      access,
      mayRun: options.mayRun,
      grants,
      builder,
      statics: readStatics(),
      nameOfUser: (userId) => String(store.read('User', userId)?.['Name'] ?? ''),
    }),
    prepare: () => void builder.current(0),
    close: () => builder.close(),
  };
}
