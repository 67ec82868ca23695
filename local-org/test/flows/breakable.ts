import { QueryFault } from '../../src/flow/errors.ts';
import type { RecordStore, SaveOutcome } from '../../src/store/records.ts';

/** What is to go wrong next. */
export interface Breakage {
  /** Objects whose Get Records faults. */
  readonly get?: readonly string[];
  /** Objects of which Get Records finds none. */
  readonly missing?: readonly string[];
  /** From which of those Get Records on this begins, counted from 1 at the breaking. */
  readonly getFrom?: number;
  /** The last of them that faults, counted alike. */
  readonly getTo?: number;
  /** Objects that seem to have no row of any id, as when it was deleted a moment ago. */
  readonly read?: readonly string[];
  /** Objects whose rows cannot be deleted. */
  readonly delete?: readonly string[];
  /** Objects whose rows cannot be written, with the operation. */
  readonly write?: readonly `${'insert' | 'update'} ${string}`[];
}

/** The store with faults put in: a lookup that fails, a row the platform refuses. */
export function breakable<T extends RecordStore>(
  store: T,
  broken: () => Breakage,
  countGet: () => number,
): T {
  const refused: SaveOutcome = {
    ok: false,
    errors: [
      { statusCode: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: 'refused by a test', fields: [] },
    ],
  };
  const refuse = (kind: 'insert' | 'update', target: string): SaveOutcome | undefined =>
    broken().write?.includes(`${kind} ${target}`) === true ? refused : undefined;
  return {
    ...store,
    select: (query) => {
      const { get = [], missing = [], getFrom = 1, getTo = Infinity } = broken();
      if (![...get, ...missing].includes(query.object)) return store.select(query);
      const count = countGet();
      if (count < getFrom || count > getTo) return store.select(query);
      if (get.includes(query.object)) throw new QueryFault('a get broken by a test');
      return [];
    },
    read: (object, id) =>
      broken().read?.includes(object) === true ? undefined : store.read(object, id),
    writeDelete: (object, id, actor) =>
      broken().delete?.includes(object) === true ? refused : store.writeDelete(object, id, actor),
    writeInsert: (object, values, actor) =>
      refuse('insert', object) ?? store.writeInsert(object, values, actor),
    writeUpdate: (object, id, changes, actor) =>
      refuse('update', object) ?? store.writeUpdate(object, id, changes, actor),
  };
}
