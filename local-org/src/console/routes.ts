import express from 'express';
import type { Request, Router } from 'express';

import type { Bus } from '../events/bus.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import type { FlowRuns } from '../runs/flowRuns.ts';
import type { RecordStore } from '../store/records.ts';
import { administratorsOnly } from './administrators.ts';
import { eventsPage } from './eventsPage.ts';
import { page } from './html.ts';
import { readOverview } from './overview.ts';
import { renderPage } from './page.ts';
import type { Visitor } from './page.ts';
import { recordPage } from './recordPage.ts';
import { runPage, runsPage } from './runPages.ts';

export interface ConsoleParts {
  readonly store: RecordStore;
  readonly metadata: OrgMetadata;
  readonly organizationId: string;
  /** The users who may log in, by id, and whether each is a System Administrator. */
  readonly logins: ReadonlyMap<string, { readonly isAdministrator: boolean }>;
  readonly runs: FlowRuns;
  readonly bus: Bus;
}

/** Runs of one transaction that a run's page lists. */
const MOST_TOGETHER = 50;

/**
 * The console, for administrators: `GET /` (what became of the signals), `/console/runs` and
 * `/console/runs/{number}` (runs of flows), `/console/records/{id}`, `/console/events`.
 */
export function consoleRoutes(parts: ConsoleParts): Router {
  const { store, metadata, runs, logins } = parts;
  const nameOf = (userId: string): string => String(store.read('User', userId)?.['Name'] ?? userId);
  const router = express.Router();
  router.use(
    ['/console', /^\/$/],
    administratorsOnly({
      isAdministrator: (userId) => logins.get(userId)?.isAdministrator === true,
      nameOf,
    }),
  );
  router.get('/', (_, response) => {
    const overview = readOverview(store, metadata);
    response
      .type('html')
      .send(renderPage(overview, parts.organizationId, visitors(store, [...logins.keys()])));
  });
  router.get('/console/runs', (request, response) => {
    const query = {
      flow: textOf(request, 'flow'),
      id: textOf(request, 'id').trim(),
      troubled: textOf(request, 'troubled') !== '',
    };
    response.type('html').send(runsPage(runs, query, nameOf));
  });
  router.get('/console/runs/:number', (request, response) => {
    const number = Number(/^\d{1,15}$/.exec(request.params.number)?.[0] ?? Number.NaN);
    const run = Number.isNaN(number) ? undefined : runs.read(number);
    if (run === undefined) {
      const why = 'No such run is kept; only the last ones are.';
      return void response.status(404).send(missing('Run not found', why));
    }
    const together = runs.list({ transaction: run.transaction }, MOST_TOGETHER + 1);
    const others = together.filter((other) => other.number !== run.number);
    const stretches = runs.list({ interview: run.interview }, MOST_TOGETHER).toReversed();
    response.type('html').send(runPage(run, { others, parts: stretches }, nameOf));
  });
  router.get('/console/records/:id', (request, response) => {
    const found = recordPage({ store, metadata, runs, nameOf }, request.params.id);
    if (found !== undefined) return void response.type('html').send(found);
    response
      .status(404)
      .send(missing('Record not found', 'No record has this id, or it was deleted.'));
  });
  router.get('/console/events', (_, response) => {
    response.type('html').send(eventsPage(parts.bus, metadata, nameOf));
  });
  return router;
}

const missing = (title: string, why: string): string =>
  page({ title, intro: `<p>${why}</p>`, main: '' });

function textOf(request: Request, name: string): string {
  const value = request.query[name];
  return typeof value === 'string' ? value : '';
}

function visitors(store: RecordStore, logins: readonly string[]): Visitor[] {
  return logins.flatMap((id) => {
    const user = store.read('User', id);
    if (user === undefined) return [];
    return [{ username: String(user['Username']), name: String(user['Name']) }];
  });
}
