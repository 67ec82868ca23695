import type { Actor, RecordData, SaveOutcome } from '../store/records.ts';

/**
 * Saving records the way the platform does: defaults, before-save flows, the store's own checks,
 * after-save flows, then (after commit) asynchronous paths.
 *
 * One outcome per record, in order. Without `allOrNone` the good rows stay and the bad ones are
 * reported (partial save); with it, one bad row undoes all. A limit failure throws and undoes all.
 * Permissions are checked by the caller (the REST API), never here: flows run in system mode.
 */
export interface Dml {
  insert(
    object: string,
    records: readonly RecordData[],
    actor: Actor,
    options: DmlOptions,
  ): SaveOutcome[];
  /** Each record carries its `Id`. */
  update(
    object: string,
    records: readonly RecordData[],
    actor: Actor,
    options: DmlOptions,
  ): SaveOutcome[];
  /** By an external id field (or `Id`); a key given twice in one call fails both rows (`DUPLICATE_VALUE`). */
  upsert(
    object: string,
    externalIdField: string,
    records: readonly RecordData[],
    actor: Actor,
    options: DmlOptions,
  ): SaveOutcome[];
  delete(object: string, ids: readonly string[], actor: Actor, options: DmlOptions): SaveOutcome[];
}

export interface DmlOptions {
  readonly allOrNone: boolean;
}
