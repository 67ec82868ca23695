import { LimitException } from '../../flow/errors.ts';
import { SoqlError } from '../../store/soql/soqlError.ts';
import type { ApiRequest, ApiResponse, RestParts } from './context.ts';
import { RestError, notFound } from './errors.ts';

/** What a resource does with a request; `parameters` are the `:names` of its pattern, decoded. */
export type Handler = (
  parts: RestParts,
  request: ApiRequest,
  parameters: Parameters,
) => ApiResponse;

export type Parameters = Readonly<Record<string, string>>;

/** A resource: `GET /sobjects/:object/describe`. The first that fits is taken. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handler: Handler;
}

/** Answers requests one after the other; never throws for what a client can cause. */
export type Dispatch = (request: ApiRequest) => ApiResponse;

/** Makes the dispatcher; composite resources use it for their subrequests too. */
export function makeDispatch(parts: RestParts, routes: readonly Route[]): Dispatch {
  return (request) => {
    try {
      return dispatch(parts, routes, request);
    } catch (error) {
      if (error instanceof RestError) return { status: error.status, body: error.errors };
      if (error instanceof SoqlError) {
        return { status: 400, body: [{ message: error.message, errorCode: error.errorCode }] };
      }
      // The save was undone as a whole; the platform says no more than which limit it was.
      if (error instanceof LimitException) {
        return { status: 400, body: [{ message: error.message, errorCode: 'LIMIT_EXCEEDED' }] };
      }
      throw error;
    }
  };
}

function dispatch(parts: RestParts, routes: readonly Route[], request: ApiRequest): ApiResponse {
  const segments = request.path.split('/').slice(1);
  let found = false;
  for (const route of routes) {
    const parameters = match(route.pattern.split('/').slice(1), segments);
    if (parameters === undefined) continue;
    found = true;
    if (route.method === request.method) return route.handler(parts, request, parameters);
  }
  if (!found) throw notFound();
  throw new RestError(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${request.method}' not allowed. Allowed are ${allowed(routes, segments).join(',')}`,
  );
}

function allowed(routes: readonly Route[], segments: readonly string[]): string[] {
  const fitting = routes.filter(
    (route) => match(route.pattern.split('/').slice(1), segments) !== undefined,
  );
  return [...new Set(fitting.map((route) => route.method))];
}

function match(pattern: readonly string[], segments: readonly string[]): Parameters | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) {
      const value = decode(segment);
      if (value === undefined || value === '') return undefined;
      parameters[part.slice(1)] = value;
    } else if (part !== segment) return undefined;
  }
  return parameters;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
