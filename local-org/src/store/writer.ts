import { findField, findObject } from '../metadata/find.ts';
import type { FieldDef, ObjectDef } from '../metadata/schema.ts';
import { toColumn } from './columns.ts';
import { crossFieldError, deriveFields } from './derived.ts';
import type { Surroundings } from './derived.ts';
import { storedFields } from './formulas.ts';
import { keepHistory } from './history.ts';
import { makeId, toId18 } from './ids.ts';
import { emptyRow, fillDefaults } from './defaults.ts';
import type { Actor, FieldValue, RecordData, SaveError, SaveOutcome } from './records.ts';
import { clearReferences } from './references.ts';
import * as refuse from './saveErrors.ts';
import type { StoreParts } from './storeParts.ts';
import { collationOf, quote } from './tables.ts';
import { checkValue, toDateTime } from './values.ts';

export interface Writer {
  insert(object: ObjectDef, values: RecordData, actor: Actor): SaveOutcome;
  update(object: ObjectDef, id: string, changes: RecordData, actor: Actor): SaveOutcome;
  remove(object: ObjectDef, id: string, actor: Actor): SaveOutcome;
}

/** Saves single rows by the rules of `RecordStore`. The caller opens the transaction. */
export function makeWriter(parts: StoreParts): Writer {
  const { metadata, prepare, readRow } = parts;

  function now(): string {
    return toDateTime(new Date(parts.clock.now()).toISOString()) ?? '';
  }

  function insert(object: ObjectDef, values: RecordData, actor: Actor): SaveOutcome {
    const given = checkAll(object, fillDefaults(object, values, actor));
    if (!given.ok) return given;
    const time = now();
    const row: Record<string, FieldValue> = {
      ...emptyRow(object),
      ...given.values,
      IsDeleted: false,
      CreatedDate: time,
      CreatedById: actor.userId,
    };
    const full = parts.storage.refusal(object);
    if (full !== undefined) return { ok: false, errors: [full] };
    const errors = judge(object, row, undefined);
    if (errors.length > 0) return { ok: false, errors };
    // Numbers are taken only by rows that will be saved, as far as one transaction can know.
    const id = nextId(object.keyPrefix);
    row['Id'] = id;
    for (const field of object.fields.values()) {
      if (field.type === 'AutoNumber') row[field.name] = autoNumber(object, field);
    }
    const saved = finish(object, row, time, actor);
    write(object, saved);
    parts.storage.changed(object, 1);
    keepHistory(parts, object, saved, undefined, nextId);
    return { ok: true, id, created: true };
  }

  function update(object: ObjectDef, id: string, changes: RecordData, actor: Actor): SaveOutcome {
    const old = readRow(object, id, true);
    if (old === undefined) return { ok: false, errors: [refuse.noSuchRow] };
    if (old['IsDeleted'] === true) return { ok: false, errors: [refuse.rowIsDeleted] };
    const { Id: ignored, ...rest } = changes;
    void ignored;
    const given = checkAll(object, rest);
    if (!given.ok) return given;
    const row = { ...old, ...given.values };
    const errors = judge(object, row, old);
    if (errors.length > 0) return { ok: false, errors };
    const saved = finish(object, row, now(), actor);
    write(object, saved);
    keepHistory(parts, object, saved, old, nextId);
    return { ok: true, id: String(old['Id']), created: false };
  }

  function remove(object: ObjectDef, id: string, actor: Actor): SaveOutcome {
    const old = readRow(object, id, true);
    if (old === undefined) return { ok: false, errors: [refuse.noSuchRow] };
    if (old['IsDeleted'] === true) return { ok: false, errors: [refuse.rowIsDeleted] };
    const error = clearReferences(parts, object, old, (child, childId) =>
      remove(child, childId, actor),
    );
    if (error !== undefined) return { ok: false, errors: [error] };
    write(object, {
      ...old,
      IsDeleted: true,
      LastModifiedDate: now(),
      LastModifiedById: actor.userId,
      SystemModstamp: now(),
    });
    parts.storage.changed(object, -1);
    return { ok: true, id: String(old['Id']), created: false };
  }

  /** Types, lengths and names of what was given; the values as they will be stored. */
  function checkAll(
    object: ObjectDef,
    values: RecordData,
  ): { ok: true; values: Record<string, FieldValue> } | { ok: false; errors: SaveError[] } {
    const errors: SaveError[] = [];
    const checked: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(values)) {
      const field = findField(object, name);
      if (field === undefined) errors.push(refuse.unknownField(object.name, name));
      else if (field.system) errors.push(refuse.notWritable([field.name]));
      else {
        const verdict = checkValue(field, value);
        if (verdict.ok) checked[field.name] = verdict.value;
        else errors.push(verdict.error);
      }
    }
    return errors.length > 0 ? { ok: false, errors } : { ok: true, values: checked };
  }

  /** What needs the whole row or other rows: required, lookups, keys, rules across fields. */
  function judge(object: ObjectDef, row: RecordData, old: RecordData | undefined): SaveError[] {
    const fields = [...object.fields.values()];
    const missing = fields.filter((field) => field.required && (row[field.name] ?? null) === null);
    if (missing.length > 0) return [refuse.requiredMissing(missing.map((field) => field.name))];
    const errors: SaveError[] = [];
    for (const field of fields) {
      const value = row[field.name] ?? null;
      if (value === null || (old !== undefined && old[field.name] === value)) continue;
      const error =
        field.type === 'Lookup' && !field.system
          ? checkReference(field, String(value))
          : field.unique
            ? checkUnique(object, field, value, row['Id'] ?? null)
            : undefined;
      if (error !== undefined) errors.push(error);
    }
    const across = errors.length > 0 ? undefined : crossFieldError(object, row, surroundings());
    return across === undefined ? errors : [across];
  }

  function checkReference(field: FieldDef, id: string): SaveError | undefined {
    const target = (field.referenceTo ?? [])
      .map((name) => findObject(metadata, name))
      .find((object) => object !== undefined && id.startsWith(object.keyPrefix));
    if (target === undefined) return refuse.wrongReference(field, id);
    return readRow(target, id, false) === undefined ? refuse.danglingReference(field) : undefined;
  }

  /** Empty values are never duplicates; as many rows as like may have none (jessealtman.com, 2013/08). */
  function checkUnique(
    object: ObjectDef,
    field: FieldDef,
    value: FieldValue,
    ownId: FieldValue,
  ): SaveError | undefined {
    const column = `${quote(field.name)} COLLATE ${collationOf(field)}`;
    const other = prepare(
      `SELECT "Id" FROM ${quote(object.name)} WHERE ${column} = ? AND "IsDeleted" = 0 AND "Id" IS NOT ?`,
    ).get(toColumn(value), toColumn(ownId));
    return other === undefined ? undefined : refuse.duplicate(field, String(other['Id']));
  }

  function finish(object: ObjectDef, row: RecordData, time: string, actor: Actor): RecordData {
    return {
      ...row,
      ...deriveFields(object, row, surroundings()),
      LastModifiedDate: time,
      LastModifiedById: actor.userId,
      SystemModstamp: time,
    };
  }

  function surroundings(): Surroundings {
    const one = (text: string, ...params: (string | null)[]): boolean =>
      prepare(text).get(...params) !== undefined;
    return {
      now: now(),
      isClosedStatus: (status) =>
        one(
          'SELECT 1 FROM "CaseStatus" WHERE "ApiName" = ? AND "IsClosed" = 1',
          status === null ? null : String(status),
        ),
      queueMayOwn: (queueId, object) =>
        one(
          'SELECT 1 FROM "QueueSobject" WHERE "QueueId" = ? AND "SobjectType" = ? AND "IsDeleted" = 0',
          toId18(queueId) ?? queueId,
          object,
        ),
      accountOf: (contactId) => {
        const row = prepare('SELECT "AccountId" FROM "Contact" WHERE "Id" = ?').get(contactId);
        const id = row?.['AccountId'];
        return typeof id === 'string' ? id : null;
      },
    };
  }

  function autoNumber(object: ObjectDef, field: FieldDef): string {
    const count = nextCount(`number ${object.name}.${field.name}`);
    return (field.displayFormat ?? '{0}').replace(/\{(0+)\}/, (_, zeros: string) =>
      String(count).padStart(zeros.length, '0'),
    );
  }

  function nextId(keyPrefix: string): string {
    return makeId(keyPrefix, nextCount(`id ${keyPrefix}`));
  }

  function nextCount(name: string): number {
    const row = prepare(
      'INSERT INTO org_counters (name, last) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last',
    ).get(name);
    return Number(row?.['last']);
  }

  function write(object: ObjectDef, row: RecordData): void {
    const names = storedFields(object).map(({ name }) => name);
    const columns = names.map(quote).join(', ');
    const marks = names.map(() => '?').join(', ');
    const changes = names.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ');
    prepare(
      `INSERT INTO ${quote(object.name)} (${columns}) VALUES (${marks}) ON CONFLICT ("Id") DO UPDATE SET ${changes}`,
    ).run(...names.map((name) => toColumn(row[name])));
  }

  return { insert, update, remove };
}
