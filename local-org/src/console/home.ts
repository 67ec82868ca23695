import express from 'express';
import type { Router } from 'express';

import type { OrgMetadata } from '../metadata/schema.ts';
import type { RecordStore } from '../store/records.ts';
import { readOverview } from './overview.ts';
import { renderPage } from './page.ts';

/** `GET /`: the page a person sees who opens the org's address. Everything else is the API's. */
export function homePage(
  store: RecordStore,
  metadata: OrgMetadata,
  organizationId: string,
): Router {
  const router = express.Router();
  router.get('/', (_, response) => {
    response.type('html').send(renderPage(readOverview(store, metadata), organizationId));
  });
  return router;
}
