import express from 'express';
import type { Request, Router } from 'express';

import type { RecordStore } from '../store/records.ts';
import { loginPage } from './loginPage.ts';
import type { LoginUser } from './loginPage.ts';
import type { Tokens } from './oauth/tokens.ts';
import { SESSION_COOKIE, cookieToken } from './session.ts';

export interface LoginParts {
  readonly store: RecordStore;
  readonly tokens: Tokens;
  /** Ids of the users of the setup file; nobody else logs in. */
  readonly logins: ReadonlySet<string>;
}

/** Where a browser goes that named no page. */
const FIRST_PAGE = '/lightning/o/Asset/list';

/**
 * Logging in and out in a browser. `GET /login` lists the users of the setup file;
 * `GET /login?un=USERNAME&startURL=/path` logs one in and goes there. There are no passwords: who
 * reaches 127.0.0.1 has the data folder anyway. `GET /secur/logout` revokes the browser's token.
 */
export function loginRoutes(parts: LoginParts): Router {
  const router = express.Router();
  router.get('/login', (request, response) => {
    response.set('cache-control', 'no-store');
    const startUrl = startOf(request);
    const username = textOf(request, 'un');
    const users = usersOf(parts);
    const user = users.find((one) => one.username.toLowerCase() === username?.toLowerCase());
    if (user !== undefined) {
      response.cookie(SESSION_COOKIE, parts.tokens.issue(user.id), {
        httpOnly: true,
        sameSite: 'strict',
        encode: String,
      });
      return response.redirect(302, startUrl);
    }
    const problem = username === undefined ? undefined : `No user ${username} may log in here.`;
    response.status(problem === undefined ? 200 : 404).send(loginPage(users, startUrl, problem));
  });
  router.get('/secur/logout', (request, response) => {
    const token = cookieToken(request);
    if (token !== undefined) parts.tokens.revoke(token);
    response.clearCookie(SESSION_COOKIE, { httpOnly: true, sameSite: 'strict' });
    response.set('cache-control', 'no-store').redirect(302, '/login');
  });
  return router;
}

function usersOf({ store, logins }: LoginParts): (LoginUser & { readonly id: string })[] {
  return [...logins].flatMap((id) => {
    const user = store.read('User', id);
    if (user === undefined) return [];
    const profile = store.read('Profile', String(user['ProfileId']));
    return {
      id,
      username: String(user['Username']),
      name: String(user['Name']),
      profile: String(profile?.['Name'] ?? ''),
    };
  });
}

/** Only a path of this org: a link to the login must not lead to a foreign site. */
function startOf(request: Request): string {
  const start = textOf(request, 'startURL') ?? FIRST_PAGE;
  return /^\/(?![/\\])[^\\\s]*$/.test(start) ? start : FIRST_PAGE;
}

function textOf(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
