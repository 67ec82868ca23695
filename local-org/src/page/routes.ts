import express from 'express';
import type { Request, Response, Router } from 'express';

import { sessionOf } from '../api/session.ts';
import type { Access } from '../api/access.ts';
import type { Grants } from '../api/accessControl.ts';
import { objectOfPrefix } from '../metadata/find.ts';
import type { PageMetadata } from '../metadata/pages.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import type { PageView } from '../../browser/data/pageContext.ts';
import type { Builder } from './builder.ts';
import { flowViewOf } from './flowView.ts';
import { navigationOf } from './navigation.ts';
import { objectViews } from './objectViews.ts';
import { renderPage } from './shell.ts';
import type { Content, Frame } from './shell.ts';
import { failed, loading, noPage, preparing, progressText } from './states.ts';
import type { Statics } from './statics.ts';

/** What pages are made of. */
export interface PageParts {
  readonly metadata: OrgMetadata;
  readonly pages: PageMetadata;
  readonly access: Access;
  /** Whether a user may run a screen flow. */
  readonly mayRun: (userId: string, flow: string) => boolean;
  /** By user id. */
  readonly grants: ReadonlyMap<string, Grants>;
  readonly builder: Builder;
  readonly statics: Statics;
  /** The name of a user, for the header. */
  readonly nameOfUser: (userId: string) => string;
}

/** A page waits so long for a build: a changed bundle is done by then, base components are not. */
const PATIENCE_MS = 4000;

/** A year: an address with a hash never changes its content. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Like Lightning Experience's, with nothing allowed that pages here do without: scripts only from this
 * org and none inside a page. Styles inside a page are how the engine gives components theirs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Pages of records, lists and screen flows below `/lightning`, for whoever is logged in, and what they load. */
export function pageRoutes(parts: PageParts): Router {
  const router = express.Router();
  router.get('/assets/:name', (request, response) => sendAsset(parts, request, response));
  router.use(['/lightning', '/flow'], (request, response, next) => {
    response.set({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    if (sessionOf(request) !== undefined) return next();
    response.redirect(
      302,
      `/login?${new URLSearchParams({ startURL: request.originalUrl }).toString()}`,
    );
  });
  router.get('/lightning/build', async (_request, response) => {
    const state = await parts.builder.current(0);
    response.json(
      state.kind === 'building'
        ? { ...state.progress, kind: state.kind, text: progressText(state.progress) }
        : { kind: state.kind },
    );
  });
  router.get(['/lightning', '/lightning/page/home'], (_request, response) =>
    response.redirect(302, '/lightning/o/Asset/list'),
  );
  // The short address of any record, as people paste it: /500…
  router.get(/^\/([A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/, (request, response, next) => {
    if (objectOfPrefix(parts.metadata, request.path.slice(1, 4)) === undefined) return next();
    return response.redirect(302, `/lightning/r${request.path}/view`);
  });
  router.get('/lightning/r/:id/view', (request, response) => {
    const { id } = request.params;
    const object = objectOfPrefix(parts.metadata, id.slice(0, 3));
    if (object === undefined) return sendPage(parts, request, response, undefined);
    return response.redirect(302, `/lightning/r/${object.name}/${encodeURIComponent(id)}/view`);
  });
  router.get('/lightning/r/:object/:id/view', (request, response) => {
    const { object, id } = request.params;
    return sendPage(
      parts,
      request,
      response,
      isRecordId(id) ? { kind: 'record', object, recordId: id } : undefined,
    );
  });
  router.get('/lightning/o/:object/list', (request, response) => {
    const { object } = request.params;
    const list = new URL(request.originalUrl, 'http://org').searchParams.get('filterName');
    return sendPage(parts, request, response, { kind: 'list', object, list });
  });
  router.get(['/lightning/flow/:name', '/flow/:name'], (request, response) => {
    const name = String(request.params['name']);
    const query = new URL(request.originalUrl, 'http://org').searchParams;
    const view = /^\w+$/.test(name) ? flowViewOf(name, query) : undefined;
    return sendPage(parts, request, response, view);
  });
  router.use(['/lightning', '/flow'], (request, response) =>
    sendPage(parts, request, response, undefined),
  );
  return router;
}

/** 15 characters, or 18 with the check on their case. */
function isRecordId(text: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text);
}

function sendAsset(
  { statics, builder }: PageParts,
  request: Request<{ name: string }>,
  response: Response,
): void {
  const { name } = request.params;
  const content = statics.file(name) ?? builder.asset(name);
  if (content === undefined) {
    response.status(404).type('text').send('There is no such file.\n');
    return;
  }
  response
    .set({ 'cache-control': FOREVER, 'x-content-type-options': 'nosniff' })
    .type(name.endsWith('.css') ? 'css' : 'text/javascript')
    .send(content);
}

async function sendPage(
  parts: PageParts,
  request: Request,
  response: Response,
  view: PageView | undefined,
): Promise<void> {
  const userId = sessionOf(request)?.userId ?? '';
  const { pages, metadata, access } = parts;
  const { app, tabs } = navigationOf(pages.apps, parts.grants.get(userId));
  const objects = objectViews(
    { objects: metadata.objects, pages, access, mayRun: parts.mayRun },
    app,
    userId,
  );
  const frame: Frame = {
    appLabel: app?.label ?? 'Local org',
    tabs: tabs
      .map((name) => objects[name])
      .filter((object) => object !== undefined)
      .map(({ name, pluralLabel }) => ({ object: name, label: pluralLabel })),
    userName: parts.nameOfUser(userId),
    path: request.originalUrl,
    styles: parts.statics.styles,
  };
  const name = view === undefined || view.kind === 'flow' ? '' : view.object;
  const object = Object.hasOwn(objects, name) ? objects[name] : undefined;
  if (view === undefined || (view.kind !== 'flow' && object === undefined)) {
    response.status(404);
    const content: Content = { title: 'No access', main: noPage, scripts: [] };
    response.type('html').send(renderPage(frame, content));
    return;
  }
  const state = await parts.builder.current(PATIENCE_MS);
  const shared =
    object === undefined ? { title: 'Flow' } : { title: object.pluralLabel, object: object.name };
  let content: Content;
  if (state.kind === 'ready') {
    const context = { userId, view, objects };
    content = { ...shared, main: loading, context, scripts: [state.script] };
  } else if (state.kind === 'building') {
    content = { ...shared, main: preparing(state.progress), scripts: [parts.statics.waitScript] };
  } else {
    response.status(500);
    content = { ...shared, main: failed(state.problem), scripts: [] };
  }
  response.type('html').send(renderPage(frame, content));
}
