import type { Request, RequestHandler } from 'express';

import type { Access, Session } from './access.ts';

/** Who is behind a request, and how the request says so. */
export interface RequestSession extends Session {
  /** `cookie`: a page in a browser; its requests do not count as API calls. */
  readonly by: 'cookie' | 'bearer';
}

/** The cookie that carries a browser's access token; its name is Salesforce's. */
export const SESSION_COOKIE = 'sid';

const sessions = new WeakMap<Request, RequestSession>();

/** The live session of a request that has passed `readSession`, or undefined. */
export function sessionOf(request: Request): RequestSession | undefined {
  return sessions.get(request);
}

/**
 * Finds out who asks: `Authorization: Bearer`, else the cookie. A request with both is the header's.
 *
 * A browser sends the cookie along with what any other program on this machine makes it send (sites
 * are told apart without their port), so with the cookie alone a request that may change something
 * must come from a page of this org: `Origin` is this address, else there is no session.
 */
export function readSession(
  access: Pick<Access, 'session'>,
  renew: (accessToken: string) => void,
): RequestHandler {
  return (request, _response, next) => {
    const bearer = bearerOf(request);
    const cookie = cookieOf(request, SESSION_COOKIE);
    const token = bearer ?? (isSafe(request) ? cookie : undefined);
    const session = token === undefined ? undefined : access.session(token);
    if (session !== undefined && token !== undefined) {
      const by = bearer === undefined ? 'cookie' : 'bearer';
      sessions.set(request, { ...session, by });
      if (by === 'cookie') renew(token);
    }
    next();
  };
}

/** The access token of the browser, whether it is still good or not. */
export function cookieToken(request: Request): string | undefined {
  return cookieOf(request, SESSION_COOKIE);
}

function isSafe(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || isOwnOrigin(request);
}

/** Whether the request was made by a page of this org. Browsers name the origin of all but GET and HEAD. */
function isOwnOrigin(request: Request): boolean {
  return request.get('origin') === `http://${request.get('host') ?? ''}`;
}

function bearerOf(request: Request): string | undefined {
  return /^(?:Bearer|OAuth) (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * Answers only requests for this machine by its own names. A foreign site whose name is made to
 * point at 127.0.0.1 (DNS rebinding) carries its own name in `Host` and gets nothing.
 */
export const ownHostOnly: RequestHandler = (request, response, next) => {
  const host = request.get('host') ?? '';
  if (/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/i.test(host)) return next();
  response
    .status(421)
    .type('text')
    .send(`"${host}" is not this org; it answers at http://127.0.0.1 and http://localhost only.\n`);
};
