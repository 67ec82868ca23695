import type { OrgFailure } from '../../ports/publisher.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';

/** The org did not play; carries what the ports report. */
export class OrgError extends Error {
  override readonly name = 'OrgError';
  readonly failure: OrgFailure;

  constructor(failure: OrgFailure, options?: ErrorOptions) {
    super(`${failure.reason} ${failure.action}`, options);
    this.failure = failure;
  }
}

/** Runs a request to the org; an expected failure becomes a value, a bug is thrown on. */
export async function asResult<T>(work: () => Promise<T>): Promise<Result<T, OrgFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof OrgError) return err(error.failure);
    throw error;
  }
}

/** What a failed connection says: its system code, else the innermost message. */
export function describeNetwork(error: unknown): string {
  const code = networkCodeOf(error);
  if (code !== undefined) return code;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

/** The system error code (`ECONNREFUSED`) of an error or of its cause. */
function networkCodeOf(error: unknown): string | undefined {
  for (let at: unknown = error; typeof at === 'object' && at !== null;) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) at = at.errors[0];
    else at = 'cause' in at ? at.cause : undefined;
  }
  return undefined;
}
