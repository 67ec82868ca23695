import { toFetchResponse } from './fetchResponse.ts';
import { deepFreeze, isRecord, pick } from './record.ts';
import type { UiRecord } from './record.ts';
import type { WireResult } from './wire.ts';

/** Calls the org's API: method, path below `/services/data/vNN.N`, body. */
export type CallOrg = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Who waits for a record. Fields are qualified names (`Asset.Account.Name`). */
interface Watcher {
  readonly fields: readonly string[];
  readonly optionalFields: readonly string[];
  readonly emit: (result: WireResult) => void;
  /** JSON of the last result, so that an unchanged one is not given again. */
  last: string;
}

interface Entry {
  readonly id: string;
  readonly watchers: Set<Watcher>;
  record: UiRecord | undefined;
  /** The fields that `record` was asked for. */
  asked: ReadonlySet<string>;
  running: Promise<void> | undefined;
  /** Something changed while a request was under way. */
  again: boolean;
}

/** The records of a page. Wires of one record share one request and one answer. */
export interface RecordCache {
  /** Gives the record, and again whenever it has changed. Returns how to stop. */
  watch(
    recordId: string,
    fields: readonly string[],
    optionalFields: readonly string[],
    emit: (result: WireResult) => void,
  ): () => void;
  /**
   * Reads the records again, those that nobody watches excepted; ends when the wires have them, with the
   * ids of those that have changed.
   */
  refresh(recordIds: readonly string[]): Promise<readonly string[]>;
}

export function makeRecordCache(call: CallOrg): RecordCache {
  const entries = new Map<string, Entry>();

  function entryOf(recordId: string): Entry {
    // 15 and 18 characters name the same record.
    const key = recordId.slice(0, 15);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      id: recordId,
      watchers: new Set(),
      record: undefined,
      asked: new Set(),
      running: undefined,
      again: false,
    };
    entries.set(key, entry);
    return entry;
  }

  /** Starts in a microtask, so that all wires of a rendering are in one request. */
  function load(entry: Entry): Promise<void> {
    if (entry.running !== undefined) {
      entry.again = true;
      return entry.running;
    }
    entry.running = (async () => {
      await Promise.resolve();
      do {
        entry.again = false;
        await readTogether(call, entry);
      } while (entry.again);
      entry.running = undefined;
    })();
    return entry.running;
  }

  return {
    watch(recordId, fields, optionalFields, emit) {
      const entry = entryOf(recordId);
      const watcher: Watcher = { fields, optionalFields, emit, last: '' };
      const wanted = [...fields, ...optionalFields];
      const { record } = entry;
      const isHeld =
        record !== undefined &&
        entry.watchers.size > 0 &&
        entry.running === undefined &&
        wanted.every((field) => entry.asked.has(field));
      entry.watchers.add(watcher);
      if (isHeld) queueMicrotask(() => give(entry, watcher, record));
      else void load(entry);
      return () => entry.watchers.delete(watcher);
    },
    async refresh(recordIds) {
      const watched = recordIds
        .map((id) => entries.get(id.slice(0, 15)))
        .filter((entry) => entry !== undefined)
        .filter(({ watchers }) => watchers.size > 0);
      const before = watched.map(({ record }) => JSON.stringify(record));
      await Promise.all(watched.map(load));
      return watched
        .filter(({ record }, index) => JSON.stringify(record) !== before[index])
        .map(({ id }) => id);
    },
  };
}

/** One request for all watchers; when it is refused, one for each, so that one bad field hurts one wire. */
async function readTogether(call: CallOrg, entry: Entry): Promise<void> {
  const watchers = [...entry.watchers];
  if (watchers.length === 0) return;
  const fields = watchers.flatMap((one) => one.fields);
  const optional = watchers.flatMap((one) => one.optionalFields);
  try {
    const record = await read(call, entry.id, fields, optional);
    entry.record = record;
    entry.asked = new Set([...fields, ...optional]);
    for (const watcher of watchers) give(entry, watcher, record);
  } catch (error) {
    entry.record = undefined;
    if (watchers.length === 1) giveError(entry, watchers[0], error);
    else await Promise.all(watchers.map((watcher) => readAlone(call, entry, watcher)));
  }
}

async function readAlone(call: CallOrg, entry: Entry, watcher: Watcher): Promise<void> {
  try {
    give(entry, watcher, await read(call, entry.id, watcher.fields, watcher.optionalFields));
  } catch (error) {
    giveError(entry, watcher, error);
  }
}

async function read(
  call: CallOrg,
  id: string,
  fields: readonly string[],
  optionalFields: readonly string[],
): Promise<UiRecord> {
  const query = new URLSearchParams();
  if (fields.length > 0) query.set('fields', [...new Set(fields)].toSorted().join(','));
  if (optionalFields.length > 0)
    query.set('optionalFields', [...new Set(optionalFields)].toSorted().join(','));
  const answer = await call('GET', `/ui-api/records/${id}?${query.toString()}`);
  if (isRecord(answer)) return answer;
  throw new Error(`The org answered with something that is not the record ${id}.`);
}

function give(entry: Entry, watcher: Watcher, record: UiRecord): void {
  emitOnce(entry, watcher, {
    data: pick(record, [...watcher.fields, ...watcher.optionalFields]),
    error: undefined,
  });
}

function giveError(entry: Entry, watcher: Watcher | undefined, error: unknown): void {
  if (watcher === undefined) return;
  emitOnce(entry, watcher, { data: undefined, error: toFetchResponse(error) });
}

function emitOnce(entry: Entry, watcher: Watcher, result: WireResult): void {
  const json = JSON.stringify(result);
  if (!entry.watchers.has(watcher) || watcher.last === json) return;
  watcher.last = json;
  watcher.emit(deepFreeze({ ...result }));
}
