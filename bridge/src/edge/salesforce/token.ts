import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import { describeNetwork, OrgError } from './orgError.ts';
import { describeRefusal } from './tokenRefusals.ts';

/** What every request to the org needs. */
export interface Session {
  readonly accessToken: string;
  /** Where REST requests go, without a slash at the end. */
  readonly instanceUrl: string;
  /** 18 characters. */
  readonly organizationId: string;
  /** The bridge's own user; the `CreatedById` of every event. */
  readonly userId: string;
  /** What the app may do, such as `api`; absent where the org did not say. */
  readonly scopes?: readonly string[];
}

/** Hands out sessions; many callers share one login. */
export interface Sessions {
  /** The current session; logs in where there is none. @throws OrgError */
  current(): Promise<Session>;
  /** A session newer than `stale`, which the org has refused. @throws OrgError */
  renew(stale: Session): Promise<Session>;
}

export interface TokenOptions {
  /** `https://login.salesforce.com`, `https://test.salesforce.com` or a My Domain. */
  readonly loginUrl: string;
  /** The `aud` claim; the login URL where absent. */
  readonly audience?: string;
  /** Consumer key of the External Client App. */
  readonly clientId: string;
  readonly username: string;
  readonly privateKey: KeyObject;
}

/** Salesforce accepts assertions that end within 5 minutes; 3 leave room for both clocks. */
const ASSERTION_SECONDS = 180;
const TIMEOUT_MS = 15_000;

const tokenReply = z.object({
  access_token: z.string().min(1),
  instance_url: z.url(),
  // https://login.salesforce.com/id/<organization id>/<user id>
  id: z.string().regex(/\/id\/[A-Za-z0-9]{15,18}\/[A-Za-z0-9]{15,18}$/),
  scope: z.string().optional(),
});
const refusal = z.object({ error: z.string(), error_description: z.string().default('') });

/**
 * Logs in with a signed assertion (RFC 7523, OAuth 2.0 JWT bearer). There is no refresh token:
 * a session is used until the org refuses it, then the bridge signs again.
 */
export function makeSessions(options: TokenOptions, clock: Clock): Sessions {
  let session: Session | undefined;
  let login: Promise<Session> | undefined;

  function logIn(): Promise<Session> {
    login ??= requestToken(options, clock)
      .then((fresh) => {
        session = fresh;
        return fresh;
      })
      .finally(() => {
        login = undefined;
      });
    return login;
  }

  return {
    current: async () => session ?? logIn(),
    renew: async (stale) =>
      session !== undefined && session.accessToken !== stale.accessToken ? session : logIn(),
  };
}

async function requestToken(options: TokenOptions, clock: Clock): Promise<Session> {
  const { loginUrl, clientId, username, privateKey } = options;
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(options.audience ?? loginUrl)
    .setExpirationTime(Math.floor(clock() / 1_000) + ASSERTION_SECONDS)
    .sign(privateKey);
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const reply = await post(`${loginUrl}/services/oauth2/token`, { grant_type: grant, assertion });
  const parsed = tokenReply.safeParse(reply.body);
  if (reply.ok && parsed.success) {
    const [organizationId = '', userId = ''] = parsed.data.id.split('/').slice(-2);
    const { scope } = parsed.data;
    return {
      accessToken: parsed.data.access_token,
      instanceUrl: parsed.data.instance_url.replace(/\/+$/, ''),
      organizationId,
      userId,
      ...(scope !== undefined && { scopes: scope.split(' ') }),
    };
  }
  const refused = refusal.safeParse(reply.body);
  if (refused.success) throw new OrgError(describeRefusal(options, refused.data));
  throw new OrgError({
    kind: reply.status >= 500 ? 'unreachable' : 'configuration',
    reason: `${loginUrl} answered the login with HTTP ${reply.status} and no token.`,
    action: 'Check salesforce.loginUrl: it must be the login page of an org.',
  });
}

async function post(url: string, form: Record<string, string>) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: parseJson(text) };
  } catch (error) {
    throw new OrgError(
      {
        kind: 'unreachable',
        reason: `The org cannot be reached at ${url} (${describeNetwork(error)}).`,
        action: 'Check salesforce.loginUrl and the network; the bridge keeps trying.',
      },
      { cause: error },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
