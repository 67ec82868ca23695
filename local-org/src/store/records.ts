import type { ObjectDef } from '../metadata/schema.ts';

/** A stored value. DateTime is ISO 8601 in UTC with milliseconds (`2026-11-23T06:00:00.000Z`), Date is `YYYY-MM-DD`. */
export type FieldValue = string | number | boolean | null;

/** A record by field API name; absent means not queried or not given, null means empty. */
export type RecordData = Readonly<Record<string, FieldValue>>;

/** Why a row was refused, in Salesforce's own status codes (`DUPLICATE_VALUE`, `REQUIRED_FIELD_MISSING`, …). */
export interface SaveError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export type SaveOutcome =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly errors: readonly SaveError[] };

/** A comparison of the store's own query language; SOQL and Get Records both become this. */
export type Condition =
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly op: CompareOp;
      readonly value: FieldValue;
    }
  | {
      readonly kind: 'in';
      readonly field: string;
      readonly values: readonly FieldValue[];
      readonly negated: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

export type CompareOp =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'contains' | 'startsWith' | 'endsWith';

export interface Query {
  readonly object: string;
  readonly where?: Condition;
  readonly orderBy?: readonly {
    readonly field: string;
    readonly descending: boolean;
    readonly nullsLast: boolean;
  }[];
  readonly limit?: number;
  readonly offset?: number;
  /** Also rows in the recycle bin (`queryAll`); they carry `IsDeleted: true`. */
  readonly includeDeleted?: boolean;
  /**
   * Which rows of a parent object the asker sees, or undefined for all; to filters and orders the
   * fields of the others are empty. Absent: the org itself asks.
   */
  readonly parentFilter?: (object: ObjectDef) => Condition | undefined;
}

/** Who is acting; every write stamps it. */
export interface Actor {
  readonly userId: string;
}

/**
 * The rows of the org, in one SQLite file. Everything is synchronous: a transaction is a
 * function, and what it wrote is on disk when it returns.
 *
 * `write…` checks what the database itself enforces (required, type, length, restricted
 * picklist, lookup target, unique) and stamps system fields; it knows nothing of flows.
 * The order of execution around it lives in `automation/`.
 */
export interface RecordStore {
  /** Runs `work` in a transaction; nested calls are savepoints. A throw undoes it and passes on. */
  transaction<T>(work: () => T): T;
  /**
   * Runs `work` once the outermost transaction is on disk, in the order of the calls; at once when
   * none is open. What was registered inside a transaction that was undone never runs.
   */
  afterCommit(work: () => void): void;
  writeInsert(object: string, values: RecordData, actor: Actor): SaveOutcome;
  writeUpdate(object: string, id: string, changes: RecordData, actor: Actor): SaveOutcome;
  writeDelete(object: string, id: string, actor: Actor): SaveOutcome;
  /** The whole row, or undefined. Accepts 15- and 18-character ids. */
  read(object: string, id: string): RecordData | undefined;
  /** The row with its formula fields computed from what it holds; for a row that is not saved yet. */
  withFormulas(object: string, row: RecordData): RecordData;
  /** Whole rows; `field` may follow one lookup (`Asset__r.AccountId`). */
  select(query: Query): RecordData[];
  count(query: Query): number;
  /** For other folders' own tables in the same file (events, queues): plain SQL. */
  readonly sql: import('node:sqlite').DatabaseSync;
}
