import { decodeJwt, errors, importX509, jwtVerify } from 'jose';

/** A client that may ask for tokens: what an External Client App is in Salesforce. */
export interface RegisteredClient {
  readonly clientId: string;
  /** The certificate whose private key signs the assertions, PEM. */
  readonly certificate: string;
  /** User names that an administrator has approved, in lower case, with their user ids. */
  readonly users: ReadonlyMap<string, string>;
}

/** A refused token request in the OAuth words that Salesforce uses, and the reason for our log. */
export interface TokenRefusal {
  readonly error: string;
  readonly error_description: string;
  readonly reason: string;
}

export type AssertionVerdict =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly refusal: TokenRefusal };

export interface AssertionOptions {
  readonly clients: ReadonlyMap<string, RegisteredClient>;
  /** What `aud` may be. */
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the org has a user of that name. */
  readonly hasUser: (username: string) => boolean;
}

/** Clocks of two machines differ; no public source says what an org allows. */
const TOLERATED_SKEW_SECONDS = 10;

/**
 * Judges a JWT bearer assertion: RS256 with the client's certificate, audience, expiry, and a user
 * approved for the client. The answer never says more than an org would; `reason` does.
 *
 * Sources: RFC 7523; help xcloud.remoteaccess_oauth_jwt_flow; the form and status of a refusal, help
 * xcloud.remoteaccess_oauth_flow_errors. Its texts are those in public logs of orgs; the help's one
 * example says "Audience validation failed" where logs say "audience is invalid". For an assertion
 * that is expired or wrongly signed only "invalid assertion" was found. How far ahead `exp` lies is not
 * judged: the help asks for three minutes, but Salesforce's own @salesforce/core (9.4.0, `tryJwtAuth`)
 * writes milliseconds where seconds belong, some 55,000 years ahead, and orgs take it.
 */
export async function judgeAssertion(
  assertion: string,
  options: AssertionOptions,
): Promise<AssertionVerdict> {
  const invalid = (reason: string, description = 'invalid assertion'): AssertionVerdict =>
    refuse('invalid_grant', description, reason);
  let claims: ReturnType<typeof decodeJwt>;
  try {
    claims = decodeJwt(assertion);
  } catch {
    return invalid('the assertion is not a JSON Web Token');
  }
  const client = options.clients.get(claims.iss ?? '');
  if (client === undefined) {
    return refuse(
      'invalid_client_id',
      'client identifier invalid',
      `no client ${claims.iss ?? '(no iss)'}`,
    );
  }
  const problem = await signatureProblem(assertion, client, options.now);
  if (problem !== undefined) return invalid(`client ${client.clientId}: ${problem}`);
  const audiences = [claims.aud ?? []].flat();
  if (!audiences.some((audience) => options.audiences.includes(audience.replace(/\/$/, '')))) {
    return invalid(
      `aud is ${audiences.join(', ')}; allowed: ${options.audiences.join(', ')}`,
      'audience is invalid',
    );
  }
  const username = (claims.sub ?? '').toLowerCase();
  const userId = client.users.get(username);
  if (userId === undefined) {
    const reason = `${claims.sub ?? '(no sub)'} is not approved for the client ${client.clientId}`;
    // The policy is "Admin approved users are pre-authorized", and the user is not among them.
    return options.hasUser(username)
      ? refuse('invalid_app_access', 'user is not admin approved to access this app', reason)
      : invalid(reason, "user hasn't approved this consumer");
  }
  return { ok: true, userId };
}

async function signatureProblem(
  assertion: string,
  client: RegisteredClient,
  now: number,
): Promise<string | undefined> {
  try {
    await jwtVerify(assertion, await importX509(client.certificate, 'RS256'), {
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      clockTolerance: TOLERATED_SKEW_SECONDS,
      currentDate: new Date(now),
    });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return error.message;
    throw error;
  }
}

function refuse(error: string, description: string, reason: string): AssertionVerdict {
  return { ok: false, refusal: { error, error_description: description, reason } };
}
