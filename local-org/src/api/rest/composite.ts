import { z } from 'zod';

import type { ApiRequest, ApiResponse, RestParts } from './context.ts';
import { RestError, malformed } from './errors.ts';
import { resolveReferences } from './references.ts';
import type { Dispatch, Handler, Route } from './router.ts';
import { makeSubrequest } from './subrequest.ts';

/**
 * "You can have up to 25 subrequests in a single call. Up to 5 of these subrequests can be sObject
 * Collections or query operations" (REST API Developer Guide, "Send Multiple Requests Using
 * Composite"); the guide does not say how more are refused.
 */
const MOST = 25;
const MOST_HEAVY = 5;

const compositeBody = z.object({
  allOrNone: z.boolean().default(false),
  collateSubrequests: z.boolean().default(false),
  compositeRequest: z
    .array(
      z.object({
        method: z.string(),
        url: z.string(),
        referenceId: z.string().regex(/^[A-Za-z0-9_]+$/),
        body: z.unknown().optional(),
      }),
    )
    .min(1),
});

const batchBody = z.object({
  haltOnError: z.boolean().default(false),
  batchRequests: z
    .array(z.object({ method: z.string(), url: z.string(), richInput: z.unknown().optional() }))
    .min(1),
});

/** Marks the undoing of a composite request; never leaves this file. */
class Undo extends Error {}

/** One after the other, later ones may use what earlier ones answered; all or none if so asked. */
function composite(dispatch: Dispatch): Handler {
  return (parts, request) => {
    const { allOrNone, compositeRequest } = parse(compositeBody, request.body);
    refuseTooMany(compositeRequest.length);
    const heavy = compositeRequest.filter(({ url }) =>
      /\/v\d+\.\d\/(?:query|composite\/sobjects)/i.test(url),
    );
    refuseTooMany(heavy.length, MOST_HEAVY, 'queries and collections');
    const ids = new Set(compositeRequest.map((one) => one.referenceId));
    if (ids.size < compositeRequest.length) {
      throw new RestError(400, 'INVALID_INPUT', 'every referenceId must be given once');
    }
    const responses: ApiResponse[] = [];
    const answers = new Map<string, unknown>();
    const runAll = (): void => {
      for (const { method, url, referenceId, body } of compositeRequest) {
        const response = runOne(dispatch, request, answers, method, url, body);
        responses.push(response);
        if (response.status < 300) answers.set(referenceId, response.body ?? {});
        else if (allOrNone) throw new Undo();
      }
    };
    if (allOrNone) undoOnFailure(parts, runAll, responses, compositeRequest.length);
    else runAll();
    return {
      status: 200,
      body: {
        compositeResponse: responses.map((response, index) => ({
          body: response.body ?? null,
          httpHeaders: locationOf(response),
          httpStatusCode: response.status,
          referenceId: compositeRequest[index]?.referenceId ?? '',
        })),
      },
    };
  };
}

function runOne(
  dispatch: Dispatch,
  request: ApiRequest,
  answers: ReadonlyMap<string, unknown>,
  method: string,
  url: string,
  body: unknown,
): ApiResponse {
  try {
    const resolvedUrl = String(resolveReferences(url, answers));
    return dispatch(makeSubrequest(request, method, resolvedUrl, resolveReferences(body, answers)));
  } catch (error) {
    if (error instanceof RestError) return { status: error.status, body: error.errors };
    throw error;
  }
}

function undoOnFailure(
  parts: RestParts,
  work: () => void,
  responses: ApiResponse[],
  count: number,
): void {
  try {
    parts.store.transaction(work);
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    const failed = responses.length - 1;
    for (let index = 0; index < count; index += 1) if (index !== failed) responses[index] = halted;
  }
}

const halted: ApiResponse = {
  status: 400,
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message:
        'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
};

function locationOf(response: ApiResponse): Record<string, string> {
  const location = response.headers?.['location'];
  return location === undefined ? {} : { Location: location };
}

/** One after the other and each for itself. */
function batch(dispatch: Dispatch): Handler {
  return (_, request) => {
    const { haltOnError, batchRequests } = parse(batchBody, request.body);
    refuseTooMany(batchRequests.length);
    const results: { statusCode: number; result: unknown }[] = [];
    let isHalted = false;
    for (const { method, url, richInput } of batchRequests) {
      const response = isHalted
        ? batchHalted
        : runOne(dispatch, request, new Map(), method, url, richInput);
      results.push({ statusCode: response.status, result: response.body ?? null });
      if (haltOnError && response.status >= 400) isHalted = true;
    }
    return {
      status: 200,
      body: { hasErrors: results.some((one) => one.statusCode >= 400), results },
    };
  };
}

const batchHalted: ApiResponse = {
  status: 412,
  body: [
    {
      errorCode: 'BATCH_PROCESSING_HALTED',
      message: 'Batch processing halted per request',
    },
  ],
};

function refuseTooMany(count: number, most = MOST, what = 'subrequests'): void {
  if (count <= most) return;
  throw new RestError(
    400,
    'LIMIT_EXCEEDED',
    `${count} ${what} were given; at most ${most} are allowed`,
  );
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/** Composite resources need the dispatcher of all resources, themselves excepted. */
export function compositeRoutes(dispatch: Dispatch): readonly Route[] {
  return [
    { method: 'POST', pattern: '/composite', handler: composite(dispatch) },
    { method: 'POST', pattern: '/composite/batch', handler: batch(dispatch) },
  ];
}
