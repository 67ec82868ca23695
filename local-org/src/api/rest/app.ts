import express from 'express';
import type {
  ErrorRequestHandler,
  Express,
  Request,
  RequestHandler,
  Response,
  Router,
} from 'express';
import { z } from 'zod';

import { graphqlRoutes } from '../graphql/route.ts';
import { makeIngestJobs } from '../bulk/jobs.ts';
import { ingestBodies, ingestRoutes } from '../bulk/routes.ts';
import { loginRoutes } from '../login.ts';
import type { LoginParts } from '../login.ts';
import { oauthRoutes } from '../oauth/routes.ts';
import type { OAuthParts } from '../oauth/routes.ts';
import { ownHostOnly, readSession, sessionOf } from '../session.ts';
import { objectInfoRoutes } from '../ui/objectInfo.ts';
import { uiRecordRoutes } from '../ui/records.ts';
import { collectionRoutes } from './collections.ts';
import { compositeRoutes } from './composite.ts';
import type { ApiRequest, RestParts } from './context.ts';
import { describeRoutes } from './describe.ts';
import { resourceRoutes, versionList, versions } from './resources.ts';
import { makeDispatch } from './router.ts';
import { queryRoutes } from './query.ts';
import { sobjectRoutes } from './sobjects.ts';
import { treeRoutes } from './tree.ts';

/**
 * Far above what a call with 200 records needs; no public source found for the platform's own limit.
 * Address and headers together may have 16 KiB, past which both Node and an org answer 431 (help 000386264).
 */
const MOST_BODY = '50mb';

/**
 * The HTTP side of the org: OAuth, logging in, the pages given, and the REST API below
 * `/services/data`. Pages ask `sessionOf(request)` who looks at them.
 */
export function makeApp(
  rest: RestParts,
  oauth: OAuthParts & LoginParts,
  pages: readonly Router[] = [],
): Express {
  const plain = [
    ...resourceRoutes,
    ...queryRoutes,
    ...collectionRoutes,
    ...treeRoutes,
    ...describeRoutes,
    ...sobjectRoutes,
  ];
  const dispatchPlain = makeDispatch(rest, plain);
  const dispatch = makeDispatch(rest, [
    ...compositeRoutes(dispatchPlain),
    ...plain,
    ...ingestRoutes(makeIngestJobs(rest.clock), dispatchPlain),
    // Not for composite calls, whose list of resources has none of these.
    ...uiRecordRoutes,
    ...objectInfoRoutes,
    ...graphqlRoutes(),
  ]);
  const app = express();
  app.disable('x-powered-by');
  app.use(ownHostOnly);
  app.use(readSession(rest.access, (token) => oauth.tokens.renew(token)));
  app.use(oauthRoutes(oauth));
  app.use(loginRoutes(oauth));
  for (const page of pages) app.use(page);
  app.get('/services/data', (_, response) => void response.json(versionList()));
  app.use(ingestBodies());
  app.use(
    '/services/data/:version',
    express.json({ limit: MOST_BODY, strict: false, type: () => true }),
  );
  app.use('/services/data/:version', (request, response) => {
    const version = request.params.version.replace(/^v/, '');
    const session = sessionOf(request);
    if (session === undefined)
      return fail(response, 401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    if (!versions.includes(version))
      return fail(response, 404, 'NOT_FOUND', 'The requested resource does not exist');
    // What a page asks for is not an API request of a client.
    if (session.by === 'bearer') {
      rest.calls.count();
      response.set('sforce-limit-info', `api-usage=${rest.calls.used()}/${rest.calls.max}`);
      if (rest.calls.used() > rest.calls.max)
        return fail(response, 403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    const answer = dispatch(toApiRequest(request, version, session));
    response.set(answer.headers ?? {}).status(answer.status);
    if (answer.body === undefined) response.end();
    else if (answer.headers?.['content-type'] === undefined) response.json(answer.body);
    else response.send(answer.body);
  });
  app.use(unknownPath);
  app.use(handleErrors(oauth.log));
  return app;
}

function toApiRequest(
  request: Request,
  version: string,
  session: ApiRequest['session'],
): ApiRequest {
  const url = new URL(request.url, 'http://org');
  return {
    method: methodOf(request, url),
    path: url.pathname.replace(/\/$/, ''),
    query: url.searchParams,
    body: request.body,
    version,
    session,
    headers: { 'sforce-query-options': request.get('sforce-query-options') },
  };
}

/**
 * Some proxies forbid PATCH; the guide lets clients send a POST with `_HttpMethod` instead. Nothing but
 * a POST: a GET or HEAD, which other sites can make a browser send with its cookie, changes nothing.
 */
function methodOf(request: Request, url: URL): string {
  const wanted = request.method === 'POST' ? url.searchParams.get('_HttpMethod') : null;
  return wanted ?? request.method;
}

function fail(response: Response, status: number, errorCode: string, message: string): void {
  response.status(status).json([{ message, errorCode }]);
}

const unknownPath: RequestHandler = (_, response) =>
  fail(response, 404, 'NOT_FOUND', 'The requested resource does not exist');

/** Bad JSON is the client's; anything else is a bug of this org and says so in its log. */
function handleErrors(log: (line: string) => void): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    if (status === 413) return fail(response, 413, 'REQUEST_TOO_LARGE', 'Request body too large');
    if (status >= 400 && status < 500) return fail(response, 400, 'JSON_PARSER_ERROR', message);
    log(
      `${request.method} ${request.path}: ${error instanceof Error ? (error.stack ?? message) : message}`,
    );
    fail(
      response,
      500,
      'UNKNOWN_EXCEPTION',
      `An unexpected error occurred in the local org: ${message}`,
    );
  };
}

/** The body parser's errors carry the status that the client deserves. */
function statusOf(error: unknown): number {
  const parsed = z.object({ status: z.number() }).safeParse(error);
  return parsed.success ? parsed.data.status : 500;
}
