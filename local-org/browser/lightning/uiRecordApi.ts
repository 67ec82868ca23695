import { callOrg, failure, toFetchResponse } from '../data/fetchResponse.ts';
import { fieldAt, isRecord, qualifiedName } from '../data/record.ts';
import type { FieldId, UiRecord } from '../data/record.ts';
import { queries, records } from '../data/shared.ts';
import { makeAdapter } from '../data/wire.ts';
import type { WireConfig, WireResult } from '../data/wire.ts';

/*
 * lightning/uiRecordApi for pages of the local org, over its UI API and so under the viewer's
 * permissions. Source: Lightning Web Components Developer Guide, "lightning/uiRecordApi".
 */

const nothingYet: WireResult = { data: undefined, error: undefined };
const known = new Set(['recordId', 'fields', 'optionalFields']);

/** Wire: one record with the fields asked for; `layoutTypes` and `modes` are refused. */
export const getRecord = makeAdapter<WireResult>(nothingYet, (config, emit) => {
  const refused = Object.keys(config).find((key) => !known.has(key) && config[key] !== undefined);
  if (refused !== undefined) {
    emit(refusal(`getRecord with ${refused} is not implemented by the local org`));
    return () => undefined;
  }
  const { recordId } = config;
  const fields = namesIn(config, 'fields');
  const optionalFields = namesIn(config, 'optionalFields');
  if (typeof recordId !== 'string' || recordId === '') return undefined;
  if (fields === undefined && optionalFields === undefined) return undefined;
  return records.watch(recordId, fields ?? [], optionalFields ?? [], emit);
});

function namesIn(config: WireConfig, key: string): readonly string[] | undefined {
  const given = config[key];
  if (given === undefined || given === null) return undefined;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const names = list.filter(isFieldId).map(qualifiedName);
  return names.length === list.length ? names : undefined;
}

function isFieldId(value: unknown): value is FieldId {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && 'fieldApiName' in value;
}

function refusal(message: string): WireResult {
  const body = [{ errorCode: 'NOT_IMPLEMENTED', message }];
  return { data: undefined, error: toFetchResponse(failure(501, 'Not Implemented', body)) };
}

/** The value of a field, also behind lookups; undefined when the record does not carry it. */
export function getFieldValue(record: UiRecord | undefined, field: FieldId): unknown {
  return find(record, field)?.value;
}

/** The value as text for people, null when the API gave none. */
export function getFieldDisplayValue(record: UiRecord | undefined, field: FieldId): unknown {
  return find(record, field)?.displayValue;
}

function find(record: UiRecord | undefined, field: FieldId) {
  if (!isRecord(record)) return undefined;
  return fieldAt(record, qualifiedName(field).split('.').slice(1));
}

interface RecordInput {
  readonly apiName?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Creates a record and gives it; rejects with a FetchResponse. */
export async function createRecord({ apiName, fields }: RecordInput): Promise<unknown> {
  return callOrg('POST', '/ui-api/records', { apiName, fields });
}

/** Changes a record (its id is in `fields.Id`) and gives it; its wires get the new values. */
export async function updateRecord({ fields }: RecordInput): Promise<unknown> {
  const { Id: id, ...changes } = fields;
  if (typeof id !== 'string') throw new TypeError('updateRecord needs the record id in fields.Id');
  const record = await callOrg('PATCH', `/ui-api/records/${id}`, { fields: changes });
  await Promise.all([records.refresh([id]), queries.refreshRecords([id])]);
  return record;
}

/** Deletes a record. */
export async function deleteRecord(recordId: string): Promise<void> {
  await callOrg('DELETE', `/ui-api/records/${recordId}`);
  await Promise.all([records.refresh([recordId]), queries.refreshRecords([recordId])]);
}

/** Says that records may have changed: their wires read them again, and so do queries of those that have. */
export async function notifyRecordUpdateAvailable(
  items: readonly { readonly recordId: string }[],
): Promise<void> {
  const changed = await records.refresh(items.map(({ recordId }) => recordId));
  await queries.refreshRecords(changed);
}
