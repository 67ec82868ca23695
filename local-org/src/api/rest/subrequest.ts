import type { ApiRequest } from './context.ts';
import { RestError } from './errors.ts';

/**
 * One request inside a composite one. `url` is what the client wrote: `/services/data/v66.0/…` in
 * composite calls, `v66.0/…` in batches. The version must be the outer request's; Salesforce
 * demands at least the same resource base.
 */
export function makeSubrequest(
  outer: ApiRequest,
  method: string,
  url: string,
  body: unknown,
): ApiRequest {
  const parsed = new URL(url.replace(/^\/?(services\/data\/)?/, 'http://org/'));
  const [, version = '', path = ''] = /^\/v(\d\d\.0)(\/.*)?$/.exec(parsed.pathname) ?? [];
  if (version === '') {
    throw new RestError(
      400,
      'INVALID_REQUEST',
      `The url "${url}" must begin with /services/data/v${outer.version}`,
    );
  }
  return {
    ...outer,
    method: method.toUpperCase(),
    path: path.replace(/\/$/, ''),
    query: parsed.searchParams,
    body,
    version,
  };
}
