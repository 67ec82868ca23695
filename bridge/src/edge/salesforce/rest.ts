import { z } from 'zod';
import { makeHttpExchange } from './httpExchange.ts';
import type { HttpReply } from './httpExchange.ts';
import { describeNetwork, OrgError } from './orgError.ts';
import type { Session, Sessions } from './token.ts';

/** The few REST requests the bridge makes. Each is tried again once with a new session. */
export interface Rest {
  /** Answers what the schema makes of the reply. @throws OrgError */
  get<T>(path: string, reply: z.ZodType<T>): Promise<T>;
  /** @throws OrgError */
  post<T>(path: string, body: object, reply: z.ZodType<T>): Promise<T>;
  /** @throws OrgError */
  patch<T>(path: string, body: object, reply: z.ZodType<T>): Promise<T>;
  /** SOQL, first page only: ask for no more rows than a page holds (2,000). @throws OrgError */
  query<T>(soql: string, reply: z.ZodType<T>): Promise<T>;
  /** Requests made through this object so far, refused ones included. */
  calls(): number;
  /** API calls of the org in the last 24 hours, as the last answer said; absent before one did. */
  usage(): { readonly used: number; readonly max: number } | undefined;
}

const TIMEOUT_MS = 30_000;

/** @param apiVersion such as `66.0` */
export function makeRest(sessions: Sessions, apiVersion: string): Rest {
  const exchange = makeHttpExchange(TIMEOUT_MS);
  let calls = 0;
  let usage: { readonly used: number; readonly max: number } | undefined;

  /** The parsed reply. @throws RefusedRequest where the org says no, other errors where it says nothing */
  async function call(
    { instanceUrl, accessToken }: Session,
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body: object | undefined,
  ): Promise<unknown> {
    calls += 1;
    // The stages have their own patience; a POST is repeated only by them.
    const reply = await exchange({
      method,
      url: `${instanceUrl}/services/data/v${apiVersion}${path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    usage = readUsage(reply) ?? usage;
    if (reply.status >= 300) throw toRefusal(reply);
    return parseJson(reply.body);
  }

  async function request<T>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body: object | undefined,
    reply: z.ZodType<T>,
  ): Promise<T> {
    for (let renewed = false; ; renewed = true) {
      const session = await sessions.current();
      try {
        const raw = await call(session, method, path, body);
        return parseReply(raw, reply, path);
      } catch (error) {
        if (error instanceof OrgError) throw error;
        if (errorCodeOf(error) === 'INVALID_SESSION_ID' && !renewed) {
          await sessions.renew(session);
          continue;
        }
        throw toOrgError(error, session.instanceUrl, path);
      }
    }
  }

  return {
    get: (path, reply) => request('GET', path, undefined, reply),
    post: (path, body, reply) => request('POST', path, body, reply),
    patch: (path, body, reply) => request('PATCH', path, body, reply),
    query: (soql, reply) =>
      request('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, reply),
    calls: () => calls,
    usage: () => usage,
  };
}

/** An answer of the org that is an error; the code is the org's own where it has one. */
class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly errorCode: string;

  constructor(errorCode: string, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

const errorsBody = z.array(z.object({ errorCode: z.string(), message: z.string() }));

function toRefusal({ status, body }: HttpReply): RefusedRequest {
  const parsed = errorsBody.safeParse(parseJson(body));
  const [first, ...others] = parsed.success ? parsed.data : [];
  if (first === undefined) return new RefusedRequest(`ERROR_HTTP_${status}`, body);
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return new RefusedRequest(first.errorCode, first.message + more);
}

/** What is no JSON stays a text, for the schema to refuse. */
function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** `api-usage=18/5000`, sometimes followed by others. Source: REST API guide, Limit Info Header. */
function readUsage({ headers }: HttpReply): { used: number; max: number } | undefined {
  const said = headers['sforce-limit-info'];
  const [, used, max] = /api-usage=(\d+)\/(\d+)/.exec(String(said)) ?? [];
  return used === undefined ? undefined : { used: Number(used), max: Number(max) };
}

/** A text as a SOQL string literal. */
export function quoteSoql(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function parseReply<T>(raw: unknown, reply: z.ZodType<T>, path: string): T {
  const parsed = reply.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new OrgError({
    kind: 'configuration',
    reason: `The org's answer to ${path.split('?')[0] ?? path} is not what the API promises (${parsed.error.issues[0]?.message ?? 'unreadable'}).`,
    action: 'Check that salesforce.apiVersion is one the org has.',
  });
}

function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined;
  return typeof error.errorCode === 'string' ? error.errorCode : undefined;
}

const SPENT = 'REQUEST_LIMIT_EXCEEDED';
const busyCodes = new Set([SPENT, 'SERVER_UNAVAILABLE', 'UNABLE_TO_LOCK_ROW']);
/** The calls of the last 24 hours are counted; asking sooner spends what others could use. */
const SPENT_WAIT_MS = 5 * 60_000;

/**
 * The sentence of an error of the API. That of a query repeats the query first, behind an empty line, and has the sentence last;
 * what was asked for is nobody's business in a log.
 */
function saidBy(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  const filled = lines.filter((line) => line !== '');
  return (lines[0] === '' ? filled.at(-1) : filled[0]) ?? '';
}

/** @param path for the text; never shown with its query, which may carry device names */
export function toOrgError(error: unknown, instanceUrl: string, path: string): OrgError {
  const code = errorCodeOf(error);
  const said = error instanceof Error ? saidBy(error.message) : String(error);
  const where = `${instanceUrl}${path.split('?')[0] ?? ''}`;
  if (code === undefined) {
    return new OrgError(
      {
        kind: 'unreachable',
        reason: `The org cannot be reached at ${where} (${describeNetwork(error)}).`,
        action: 'The bridge tries again by itself.',
      },
      { cause: error },
    );
  }
  const reason = `The org refused ${where} (${code}: ${said}).`;
  if (busyCodes.has(code)) {
    const action =
      code === SPENT
        ? "The org's API calls of 24 hours are spent: see in Setup, System Overview, who uses them."
        : 'The bridge tries again by itself.';
    return new OrgError({
      kind: 'busy',
      reason,
      action,
      ...(code === SPENT && { waitMs: SPENT_WAIT_MS }),
    });
  }
  return new OrgError({
    kind: 'configuration',
    reason,
    action:
      'Check that the package is installed, salesforce.namespace is right and the bridge user has ' +
      'the permission set Signal_Bridge.',
  });
}
