import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { z } from 'zod';

import type { Org } from '../../demo/org.ts';
import { readLogFiles } from '../../verify/logFiles.ts';
import type { ExpectedEpisode } from './model.ts';
import type { Names } from './orgOfDay.ts';
import type { Sent } from './sender.ts';

/** What is left of the day, each told by somebody other than who is judged by it. */
export interface Evidence {
  /** When the broker's connection was cut, milliseconds since 1970; until `cutEnd` it may send again. */
  readonly cut: number;
  readonly cutEnd: number;
  /** From then on more is to be told than the budget allows. */
  readonly shortFrom: number;
  readonly sent: readonly Sent[];
  readonly expected: readonly ExpectedEpisode[];
  /** Ids of messages in the bridge's log, in its order. */
  readonly logged: readonly number[];
  readonly quarantined: readonly { readonly id: number; readonly kind: string }[];
  readonly outbox: readonly OutboxRow[];
  readonly rows: readonly SignalRow[];
  readonly cases: readonly CaseRow[];
  /** Records of `Signal_Failure__c`. */
  readonly failures: number;
  readonly days: readonly DayRow[];
}

const outboxRow = z
  .object({
    event_key: z.string(),
    created_at: z.number(),
    published_at: z.number().nullable(),
    state: z.string(),
    publishes: z.number(),
    receipt: z.string().nullable(),
    receipt_reason: z.string().nullable(),
    last_error: z.string().nullable(),
    overtaken_by: z.string().nullable(),
    why: z.string().nullable(),
  })
  .transform((row) => ({
    eventKey: row.event_key,
    recordedAt: row.created_at,
    publishedAt: row.published_at ?? undefined,
    state: row.state,
    publishes: row.publishes,
    receipt: row.receipt ?? undefined,
    reason: row.receipt_reason ?? row.last_error ?? '',
    overtakenBy: row.overtaken_by ?? undefined,
    why: row.why ?? row.state,
  }));
export type OutboxRow = z.output<typeof outboxRow>;

export interface SignalRow {
  readonly eventKey: string;
  readonly phase: string;
  readonly severity: string;
  readonly device: string;
  readonly occurredAt: number;
  readonly policyVersion: number;
  /** Numbers of the script; undefined: none, -1: one that is not of the script. */
  readonly asset: number | undefined;
  readonly customer: number | undefined;
  readonly disposition: string;
  readonly reason: string;
}

export interface CaseRow {
  readonly episodeKey: string | undefined;
  readonly asset: number | undefined;
  readonly customer: number | undefined;
}

const counts = z.record(z.string(), z.number());
const dayRow = z
  .object({
    Day__c: z.string(),
    Readings__c: z.number(),
    Quarantined__c: z.number(),
    Duplicates__c: z.number(),
    Signals__c: z.number(),
    Errors__c: z.number(),
    Suppressed__c: z.number(),
    Suppressed_By_Reason__c: z
      .string()
      .nullable()
      .transform((text) => counts.parse(JSON.parse(text ?? '{}'))),
  })
  .transform((row) => ({
    day: row.Day__c,
    readings: row.Readings__c,
    quarantined: row.Quarantined__c,
    duplicates: row.Duplicates__c,
    signals: row.Signals__c,
    errors: row.Errors__c,
    suppressed: row.Suppressed__c,
    reasons: row.Suppressed_By_Reason__c,
  }));
export type DayRow = z.output<typeof dayRow>;

/** Every message of the day carries its number, also those that cannot be read. */
const idIn = (payload: Uint8Array): number =>
  Number(/"n":(\d+)/.exec(Buffer.from(payload.subarray(0, 200)).toString())?.[1] ?? -1);

/** The bridge's files, read with none of its code, once it has stopped. */
export function readBridge(folder: string): Pick<Evidence, 'logged' | 'quarantined' | 'outbox'> {
  using database = new DatabaseSync(join(folder, 'bridge.sqlite'), { readOnly: true });
  const rows = (sql: string) => database.prepare(sql).all();
  const columns = Object.keys(outboxRow.in.shape).join(', ');
  return {
    logged: readLogFiles(join(folder, 'log')).map(({ payload }) => idIn(payload)),
    quarantined: rows('SELECT payload, kind FROM quarantine').map(({ payload, kind }) => ({
      id: idIn(payload instanceof Uint8Array ? payload : new Uint8Array()),
      kind: String(kind),
    })),
    outbox: rows(`SELECT ${columns} FROM outbox`).map((row) => outboxRow.parse(row)),
  };
}

const text = z.string().nullable();
const signalRow = z.object({
  Event_Key__c: z.string(),
  Phase__c: z.string(),
  Severity__c: z.string(),
  Device_Key__c: z.string(),
  Occurred_At_Ms__c: z.number(),
  Policy_Version__c: z.number(),
  Asset__c: text,
  Account__c: text,
  Disposition__c: z.string(),
  Disposition_Reason__c: text,
});
const caseRow = z.object({ Signal_Episode_Key__c: text, AssetId: text, AccountId: text });

/** The records of the org, by REST. */
export async function readOrg(
  org: Org,
  names: Names,
): Promise<Pick<Evidence, 'rows' | 'cases' | 'failures' | 'days'>> {
  const select = (shape: z.ZodObject, object: string) =>
    org.query(`SELECT ${Object.keys(shape.shape).join(', ')} FROM ${object}`);
  const numbers = (ids: readonly string[]) => {
    const known = new Map(ids.map((id, number) => [id, number]));
    return (id: string | null): number | undefined =>
      id === null ? undefined : (known.get(id) ?? -1);
  };
  const [assetOf, customerOf] = [numbers(names.assets), numbers(names.customers)];
  const rows = (await select(signalRow, 'Asset_Signal__c')).map((one) => signalRow.parse(one));
  const cases = (await select(caseRow, 'Case')).map((one) => caseRow.parse(one));
  const days = await select(dayRow.in, 'Signal_Bridge_Day__c');
  return {
    rows: rows.map((row) => ({
      eventKey: row.Event_Key__c,
      phase: row.Phase__c,
      severity: row.Severity__c,
      device: row.Device_Key__c,
      occurredAt: row.Occurred_At_Ms__c,
      policyVersion: row.Policy_Version__c,
      asset: assetOf(row.Asset__c),
      customer: customerOf(row.Account__c),
      disposition: row.Disposition__c,
      reason: row.Disposition_Reason__c ?? '',
    })),
    cases: cases.map((row) => ({
      episodeKey: row.Signal_Episode_Key__c ?? undefined,
      asset: assetOf(row.AssetId),
      customer: customerOf(row.AccountId),
    })),
    failures: await org.count('SELECT COUNT() FROM Signal_Failure__c'),
    days: days.map((one) => dayRow.parse(one)),
  };
}
