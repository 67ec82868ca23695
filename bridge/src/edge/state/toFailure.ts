import type { StorageFailure } from '../../ports/log.ts';

/** Source: sqlite.org/rescode.html */
const SQLITE_FULL = 13;

/** What a refused write means for an operator. */
export function toFailure(error: unknown, folder: string): StorageFailure {
  const text = error instanceof Error ? error.message : String(error);
  const fields = new Map<string, unknown>(Object.entries(error instanceof Error ? error : {}));
  const code = fields.get('code');
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || fields.get('errcode') === SQLITE_FULL;
  return isFull
    ? {
        kind: 'full',
        reason:
          `no space left for the state of detection in ${folder}: free disk space. Nothing is lost, but a ` +
          'start takes longer, since more of the log is read again',
      }
    : {
        kind: 'unavailable',
        reason: `cannot write ${folder} (${text}): check that it is writable and its disk is healthy`,
      };
}
