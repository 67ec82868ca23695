import type { Dml, DmlOptions } from '../../automation/dml.ts';
import type { RecordStore, SaveOutcome } from '../../store/records.ts';

/** Marks the undoing of a call in which a row failed; never leaves this file. */
class Undo extends Error {}

/** Saving without automation: the store's own rules only. For tests of what lies around it. */
export function makePlainDml(store: RecordStore): Dml {
  function all(
    count: number,
    options: DmlOptions,
    save: (index: number) => SaveOutcome,
  ): SaveOutcome[] {
    const outcomes: SaveOutcome[] = [];
    try {
      store.transaction(() => {
        for (let index = 0; index < count; index += 1) outcomes.push(save(index));
        if (options.allOrNone && outcomes.some((outcome) => !outcome.ok)) throw new Undo();
      });
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
      return outcomes.map((outcome) => (outcome.ok ? rolledBack : outcome));
    }
    return outcomes;
  }
  return {
    insert: (object, records, actor, options) =>
      all(records.length, options, (index) =>
        store.writeInsert(object, records[index] ?? {}, actor),
      ),
    update: (object, records, actor, options) =>
      all(records.length, options, (index) =>
        store.writeUpdate(
          object,
          String(records[index]?.['Id'] ?? ''),
          records[index] ?? {},
          actor,
        ),
      ),
    upsert: (object, field, records, actor, options) =>
      all(records.length, options, (index) => {
        const record = records[index] ?? {};
        const value = record[field] ?? null;
        const where = { kind: 'compare', field, op: '=', value } as const;
        const found = value === null ? undefined : store.select({ object, where })[0];
        return found === undefined
          ? store.writeInsert(object, record, actor)
          : store.writeUpdate(object, String(found['Id']), record, actor);
      }),
    delete: (object, ids, actor, options) =>
      all(ids.length, options, (index) => store.writeDelete(object, ids[index] ?? '', actor)),
  };
}

const rolledBack: SaveOutcome = {
  ok: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message:
        'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};
