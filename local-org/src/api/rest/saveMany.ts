import type { DmlOptions } from '../../automation/dml.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import type { RecordData, SaveError, SaveOutcome } from '../../store/records.ts';
import { rolledBack } from '../../store/saveErrors.ts';
import type { ApiResponse, RestParts } from './context.ts';

/** One record of the call: refused before the save, or ready for it. */
export type Item =
  | { readonly ok: true; readonly object: ObjectDef; readonly values: RecordData }
  | { readonly ok: false; readonly errors: readonly SaveError[] };

export type Save = (
  object: ObjectDef,
  records: readonly RecordData[],
  options: DmlOptions,
) => SaveOutcome[];

const undone: SaveOutcome = { ok: false, errors: [rolledBack] };

/**
 * Saves what is ready and answers for every record in order. With `allOrNone` one refused record
 * keeps all others from being saved.
 */
export function saveAll(
  parts: RestParts,
  items: readonly Item[],
  options: DmlOptions,
  save: Save,
  showCreated = false,
): ApiResponse {
  const outcomes: SaveOutcome[] = items.map((item) => (item.ok ? undone : item));
  const isHopeless = options.allOrNone && items.some((item) => !item.ok);
  if (!isHopeless) {
    const saveGroups = (): void => {
      for (const group of groupsOf(items)) {
        const saved = save(
          group.object,
          group.members.map((member) => member.values),
          options,
        );
        group.members.forEach((member, index) => {
          outcomes[member.index] = saved[index] ?? undone;
        });
        if (options.allOrNone && saved.some((outcome) => !outcome.ok)) throw new Undo();
      }
    };
    try {
      // Without all-or-none each group is a transaction of its own, as on the platform.
      if (options.allOrNone) parts.store.transaction(saveGroups);
      else saveGroups();
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
      outcomes.forEach((outcome, index) => {
        if (outcome.ok) outcomes[index] = undone;
      });
    }
  }
  return { status: 200, body: outcomes.map((outcome) => outcomeJson(outcome, showCreated)) };
}

/** Marks the undoing of a call in which a record failed; never leaves this file. */
class Undo extends Error {}

interface Group {
  readonly object: ObjectDef;
  readonly members: { readonly index: number; readonly values: RecordData }[];
}

/** Neighbours of one type are saved together, as on the platform. */
function groupsOf(items: readonly Item[]): Group[] {
  const groups: Group[] = [];
  items.forEach((item, index) => {
    if (!item.ok) return;
    const last = groups.at(-1);
    if (last?.object === item.object) last.members.push({ index, values: item.values });
    else groups.push({ object: item.object, members: [{ index, values: item.values }] });
  });
  return groups;
}

function outcomeJson(outcome: SaveOutcome, showCreated: boolean): Record<string, unknown> {
  if (!outcome.ok) return { success: false, errors: outcome.errors };
  const created = showCreated ? { created: outcome.created } : {};
  return { id: outcome.id, success: true, errors: [], ...created };
}
