import express from 'express';
import type { Router } from 'express';

import type { OrgMetadata } from '../metadata/schema.ts';
import type { RecordStore } from '../store/records.ts';
import { readOverview } from './overview.ts';
import { renderPage } from './page.ts';
import type { Visitor } from './page.ts';

/**
 * `GET /`: the page a person sees who opens the org's address, with the way to the pages of records.
 * @param logins ids of the users who may log in
 */
export function homePage(
  store: RecordStore,
  metadata: OrgMetadata,
  organizationId: string,
  logins: ReadonlySet<string>,
): Router {
  const router = express.Router();
  router.get('/', (_, response) => {
    const overview = readOverview(store, metadata);
    response.type('html').send(renderPage(overview, organizationId, visitors(store, logins)));
  });
  return router;
}

function visitors(store: RecordStore, logins: ReadonlySet<string>): Visitor[] {
  return [...logins].flatMap((id) => {
    const user = store.read('User', id);
    if (user === undefined) return [];
    return [{ username: String(user['Username']), name: String(user['Name']) }];
  });
}
