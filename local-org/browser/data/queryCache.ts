import { toFetchResponse } from './fetchResponse.ts';
import { deepFreeze } from './record.ts';
import type { CallOrg } from './recordCache.ts';

/** What the GraphQL wire gives. */
export interface QueryResult {
  readonly data: unknown;
  /** Absent, or what went wrong; GraphQL answers may hold both data and errors. */
  readonly errors: readonly unknown[] | undefined;
}

export interface Query {
  readonly query: string;
  readonly variables: unknown;
  readonly operationName: string | undefined;
}

interface Watcher {
  readonly emit: (result: QueryResult) => void;
  last: string;
}

interface Entry {
  readonly query: Query;
  readonly watchers: Set<Watcher>;
  result: QueryResult | undefined;
  json: string;
  running: Promise<void> | undefined;
  again: boolean;
}

/** The GraphQL answers of a page. Wires with the same query and variables share one. */
export interface QueryCache {
  watch(query: Query, emit: (result: QueryResult) => void): () => void;
  /** Asks again for the query that gave this result; ends when the wires have the answer. */
  refresh(result: unknown): Promise<void>;
  /** Asks again for all watched queries whose answers hold one of the records. */
  refreshRecords(recordIds: readonly string[]): Promise<void>;
}

export function makeQueryCache(call: CallOrg): QueryCache {
  const entries = new Map<string, Entry>();
  const sources = new WeakMap<object, Entry>();

  function emit(entry: Entry, watcher: Watcher): void {
    if (entry.result === undefined || watcher.last === entry.json) return;
    if (!entry.watchers.has(watcher)) return;
    watcher.last = entry.json;
    const result = deepFreeze({ ...entry.result });
    sources.set(result, entry);
    watcher.emit(result);
  }

  async function ask(entry: Entry): Promise<void> {
    entry.result = await answerOf(call, entry.query);
    entry.json = JSON.stringify(entry.result);
    for (const watcher of [...entry.watchers]) emit(entry, watcher);
  }

  function load(entry: Entry): Promise<void> {
    if (entry.running !== undefined) {
      entry.again = true;
      return entry.running;
    }
    entry.running = (async () => {
      await Promise.resolve();
      do {
        entry.again = false;
        await ask(entry);
      } while (entry.again);
      entry.running = undefined;
    })();
    return entry.running;
  }

  return {
    watch(query, callback) {
      const key = JSON.stringify(query);
      const known = entries.get(key);
      const entry = known ?? {
        query,
        watchers: new Set(),
        result: undefined,
        json: '',
        running: undefined,
        again: false,
      };
      entries.set(key, entry);
      const watcher: Watcher = { emit: callback, last: '' };
      const isHeld = entry.result !== undefined && entry.watchers.size > 0;
      entry.watchers.add(watcher);
      if (isHeld) queueMicrotask(() => emit(entry, watcher));
      else if (entry.running === undefined) void load(entry);
      return () => entry.watchers.delete(watcher);
    },
    async refresh(result) {
      const entry = typeof result === 'object' && result !== null ? sources.get(result) : undefined;
      if (entry === undefined)
        throw new TypeError('refreshGraphQL needs the result that the graphql wire gave');
      await load(entry);
    },
    async refreshRecords(recordIds) {
      const touched = [...entries.values()].filter(
        ({ watchers, json }) =>
          watchers.size > 0 && recordIds.some((id) => json.includes(`"${id.slice(0, 15)}`)),
      );
      await Promise.all(touched.map(load));
    },
  };
}

async function answerOf(call: CallOrg, query: Query): Promise<QueryResult> {
  try {
    const answer = await call('POST', '/graphql', query);
    if (typeof answer !== 'object' || answer === null)
      throw new Error('The org answered a query with something that is not an answer.');
    const data = 'data' in answer ? (answer.data ?? undefined) : undefined;
    const errors = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
    return { data, errors: errors.length === 0 ? undefined : errors };
  } catch (error) {
    const { status, body } = toFetchResponse(error);
    const first: unknown = Array.isArray(body) ? body[0] : body;
    const message =
      typeof first === 'object' && first !== null && 'message' in first
        ? String(first.message)
        : `The query failed with status ${status}.`;
    return { data: undefined, errors: [{ message, status, body }] };
  }
}
