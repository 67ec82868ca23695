import express from 'express';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';

import type { Clock } from '../../clock.ts';
import type { RecordStore } from '../../store/records.ts';
import { judgeAssertion } from './assertion.ts';
import type { RegisteredClient } from './assertion.ts';
import type { Tokens } from './tokens.ts';

export interface OAuthParts {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly clients: ReadonlyMap<string, RegisteredClient>;
  readonly organizationId: string;
  /** Where this org is reached, known once it listens. */
  readonly instanceUrl: () => string;
  /** One line for the person who runs the org; never a token or an assertion. */
  readonly log: (line: string) => void;
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const tokenForm = z.object({ grant_type: z.string().optional(), assertion: z.string().optional() });

/** The login pages of Salesforce, which real clients name as the audience of their assertions. */
const loginUrls = ['https://login.salesforce.com', 'https://test.salesforce.com'];

/** The OAuth endpoints: token (JWT bearer only), revoke, userinfo, identity. */
export function oauthRoutes(parts: OAuthParts): Router {
  const router = express.Router();
  router.use('/services/oauth2', express.urlencoded({ extended: false, limit: '64kb' }));
  router.post('/services/oauth2/token', (request, response) =>
    grantToken(parts, request, response),
  );
  router.post('/services/oauth2/revoke', (request, response) => revoke(parts, request, response));
  router.all('/services/oauth2/userinfo', (request, response) => {
    const userId = sessionOf(parts, request);
    if (userId === undefined) return void response.status(403).type('text').send('Bad_OAuth_Token');
    response.json(userInfo(parts, userId));
  });
  router.get('/id/:organizationId/:userId', (request, response) => {
    const userId = sessionOf(parts, request);
    if (userId === undefined) return void response.status(403).type('text').send('Bad_OAuth_Token');
    if (
      request.params.userId !== userId ||
      request.params.organizationId !== parts.organizationId
    ) {
      return void response.status(403).type('text').send('Wrong_Org');
    }
    response.json(identity(parts, userId));
  });
  return router;
}

async function grantToken(parts: OAuthParts, request: Request, response: Response): Promise<void> {
  const form = tokenForm.safeParse(request.body ?? {});
  const grantType = form.success ? form.data.grant_type : undefined;
  const assertion = form.success ? form.data.assertion : undefined;
  response.set('cache-control', 'no-store');
  if (grantType !== JWT_BEARER) {
    response
      .status(400)
      .json({ error: 'unsupported_grant_type', error_description: 'grant type not supported' });
    return;
  }
  const verdict = await judgeAssertion(assertion ?? '', {
    clients: parts.clients,
    audiences: [
      ...loginUrls,
      parts.instanceUrl(),
      parts.instanceUrl().replace('127.0.0.1', 'localhost'),
    ],
    now: parts.clock.now(),
    hasUser: (username) =>
      parts.store.count({
        object: 'User',
        where: { kind: 'compare', field: 'Username', op: '=', value: username },
      }) > 0,
  });
  if (!verdict.ok) {
    const { error, error_description, reason } = verdict.refusal;
    parts.log(`token refused (${error}: ${error_description}): ${reason}`);
    response.status(400).json({ error, error_description });
    return;
  }
  const { userId } = verdict;
  response.json({
    access_token: parts.tokens.issue(userId),
    scope: 'api refresh_token',
    instance_url: parts.instanceUrl(),
    id: `${parts.instanceUrl()}/id/${parts.organizationId}/${userId}`,
    token_type: 'Bearer',
  });
}

/** RFC 7009 answers 200 also for unknown tokens; 400 shows a client its mistake. No public source found. */
function revoke(parts: OAuthParts, request: Request, response: Response): void {
  const token = z.object({ token: z.string() }).safeParse(request.body ?? {});
  if (token.success && parts.tokens.revoke(token.data.token)) response.status(200).end();
  else
    response.status(400).json({
      error: 'unsupported_token_type',
      error_description: 'this token type is not supported',
    });
}

function sessionOf(parts: OAuthParts, request: Request): string | undefined {
  // The identity service also takes the token as a parameter, and common clients send it so.
  const parameter = request.query['oauth_token'];
  const bearer =
    /^(?:Bearer|OAuth) (.+)$/i.exec(request.get('authorization') ?? '')?.[1] ??
    (typeof parameter === 'string' ? parameter : undefined);
  return bearer === undefined ? undefined : parts.tokens.session(bearer)?.userId;
}

function userInfo(parts: OAuthParts, userId: string): Record<string, unknown> {
  const user = parts.store.read('User', userId);
  return {
    sub: `${parts.instanceUrl()}/id/${parts.organizationId}/${userId}`,
    user_id: userId,
    organization_id: parts.organizationId,
    preferred_username: user?.['Username'] ?? null,
    name: user?.['Name'] ?? null,
    email: user?.['Email'] ?? null,
    zoneinfo: 'GMT',
    active: user?.['IsActive'] ?? false,
    urls: urlsOf(parts),
  };
}

function identity(parts: OAuthParts, userId: string): Record<string, unknown> {
  const user = parts.store.read('User', userId);
  return {
    id: `${parts.instanceUrl()}/id/${parts.organizationId}/${userId}`,
    asserted_user: true,
    user_id: userId,
    organization_id: parts.organizationId,
    username: user?.['Username'] ?? null,
    display_name: user?.['Name'] ?? null,
    email: user?.['Email'] ?? null,
    active: user?.['IsActive'] ?? false,
    urls: urlsOf(parts),
  };
}

/** The placeholder is Salesforce's own: clients put their API version there. */
function urlsOf(parts: OAuthParts): Record<string, string> {
  const rest = `${parts.instanceUrl()}/services/data/v{version}/`;
  return { rest, sobjects: `${rest}sobjects/`, query: `${rest}query/` };
}
