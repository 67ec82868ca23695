/** A failed request as Lightning gives it to components: `FetchResponse` of lightning/uiRecordApi. */
export interface FetchResponse {
  /** What the API answered: a list of `{errorCode, message}`, or one object with a `message`. */
  readonly body: unknown;
  readonly ok: false;
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly statusText: string;
  readonly errorType: 'fetchResponse';
}

/** Base of all requests; the version is that of the package's bundles. */
const API = '/services/data/v66.0';

/**
 * Calls the org below `/services/data/v66.0` as the viewer. Gives the parsed body (undefined for 204);
 * rejects with a `FetchResponse`.
 */
export async function callOrg(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${API}${path}`, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw failure(0, '', [{ errorCode: 'NO_CONNECTION', message: 'The org does not answer.' }]);
  }
  const answer = await parse(response);
  if (response.ok) return answer;
  throw failure(response.status, response.statusText, answer);
}

async function parse(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw failure(response.status, response.statusText, [
      {
        errorCode: 'UNKNOWN_EXCEPTION',
        message: 'The org answered with something that is not JSON.',
      },
    ]);
  }
}

/** Thrown: components expect the plain shape, and the shape is all that Lightning promises. */
class Failure extends Error implements FetchResponse {
  readonly body: unknown;
  readonly ok = false;
  readonly status: number;
  readonly statusText: string;
  readonly errorType = 'fetchResponse';
  constructor(status: number, statusText: string, body: unknown) {
    super(`${status} ${statusText}`);
    this.status = status;
    this.statusText = statusText;
    this.body = body;
  }
}

/** An error in the shape of a failed request. */
export function failure(status: number, statusText: string, body: unknown): Error & FetchResponse {
  return new Failure(status, statusText, body);
}

/** Whatever was caught, as the error that a wire gives. */
export function toFetchResponse(error: unknown): FetchResponse {
  if (error instanceof Failure) return plain(error);
  const message = error instanceof Error ? error.message : String(error);
  return plain(failure(0, '', [{ errorCode: 'UNKNOWN_EXCEPTION', message }]));
}

function plain({ body, status, statusText }: FetchResponse): FetchResponse {
  return Object.freeze({ body, ok: false, status, statusText, errorType: 'fetchResponse' });
}
