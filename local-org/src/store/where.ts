import type { SQLInputValue } from 'node:sqlite';

import { findField, findObject, findParent } from '../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { toId18 } from './ids.ts';
import type { CompareOp, Condition, FieldValue, Query } from './records.ts';
import { collationOf, quote } from './tables.ts';
import { toEpochMs } from './values.ts';

/** A piece of SQL with its parameters in order. */
export interface Sql {
  readonly text: string;
  readonly params: readonly SQLInputValue[];
}

/** A field of the object or of a parent, as SQL; `field` is the definition at the end of the path. */
interface Column {
  readonly text: string;
  readonly field: FieldDef;
}

/**
 * Compiles a query to SQL over the table of its object (alias `t0`), without the SELECT list.
 * Throws for a field that doesn't exist: SOQL and flows judge names before they get here.
 */
export function compileQuery(metadata: OrgMetadata, query: Query): Sql {
  const object = findObject(metadata, query.object);
  if (object === undefined) throw new Error(`no object ${query.object}`);
  const parts: string[] = query.includeDeleted === true ? [] : ['t0."IsDeleted" = 0'];
  const params: SQLInputValue[] = [];
  if (query.where !== undefined) {
    const where = compileCondition(metadata, object, query.where);
    parts.push(where.text);
    params.push(...where.params);
  }
  let text = `FROM ${quote(object.name)} t0`;
  if (parts.length > 0) text += ` WHERE ${parts.map((part) => `(${part})`).join(' AND ')}`;
  const order = (query.orderBy ?? []).map(({ field, descending, nullsLast }) => {
    const column = columnFor(metadata, object, field);
    return `${column.text} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsLast ? 'LAST' : 'FIRST'}`;
  });
  // The platform promises no order of equals; ids make ours repeatable.
  text += ` ORDER BY ${[...order, 't0."Id"'].join(', ')}`;
  if (query.limit !== undefined || query.offset !== undefined) {
    text += ' LIMIT ? OFFSET ?';
    params.push(query.limit ?? -1, query.offset ?? 0);
  }
  return { text, params };
}

function compileCondition(metadata: OrgMetadata, object: ObjectDef, condition: Condition): Sql {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => compileCondition(metadata, object, part));
      if (parts.length === 0) return { text: condition.kind === 'and' ? '1' : '0', params: [] };
      return {
        text: parts
          .map((part) => `(${part.text})`)
          .join(condition.kind === 'and' ? ' AND ' : ' OR '),
        params: parts.flatMap((part) => part.params),
      };
    }
    case 'not': {
      const part = compileCondition(metadata, object, condition.part);
      return { text: `NOT coalesce((${part.text}), 0)`, params: part.params };
    }
    case 'in':
      return compileIn(
        columnFor(metadata, object, condition.field),
        condition.values,
        condition.negated,
      );
    case 'compare':
      return compileCompare(
        columnFor(metadata, object, condition.field),
        condition.op,
        condition.value,
      );
  }
}

function compileIn(column: Column, values: readonly FieldValue[], negated: boolean): Sql {
  const given = values
    .map((value) => toParam(column.field, value))
    .filter((value) => value !== null);
  const orNull = given.length < values.length ? ` OR ${column.text} IS NULL` : '';
  const text = `coalesce(${column.text} IN (SELECT value FROM json_each(?)), 0)${orNull}`;
  return { text: negated ? `NOT (${text})` : text, params: [JSON.stringify(given)] };
}

function compileCompare(column: Column, op: CompareOp, value: FieldValue): Sql {
  const param = toParam(column.field, value);
  const { text } = column;
  switch (op) {
    case '=':
      return { text: `${text} IS ?`, params: [param] };
    case '!=':
      return { text: `${text} IS NOT ?`, params: [param] };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { text: `${text} ${op} ?`, params: [param] };
    case 'like':
      return { text: `${text} LIKE ? ESCAPE '\\'`, params: [param] };
    case 'contains':
      return { text: `instr(lower(${text}), lower(?)) > 0`, params: [param] };
    case 'startsWith':
      return { text: `substr(lower(${text}), 1, length(?)) = lower(?)`, params: [param, param] };
    case 'endsWith':
      return {
        text: `lower(${text}) LIKE '%' || ? ESCAPE '\\'`,
        params: [escapeLike(String(param ?? ''))],
      };
  }
}

function escapeLike(text: string): string {
  return text.toLowerCase().replace(/[\\%_]/g, '\\$&');
}

function toParam(field: FieldDef, value: FieldValue): string | number | null {
  if (value === null || value === '') return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (field.type === 'Id' || field.type === 'Lookup') return toId18(value) ?? value;
  if (field.type === 'DateTime') {
    const epochMs = toEpochMs(value);
    return epochMs === undefined ? value : new Date(epochMs).toISOString();
  }
  return value;
}

function columnFor(metadata: OrgMetadata, object: ObjectDef, path: string): Column {
  const column = resolve(metadata, object, path.split('.'), 0);
  return { text: `${column.text} COLLATE ${collationOf(column.field)}`, field: column.field };
}

function resolve(
  metadata: OrgMetadata,
  object: ObjectDef,
  path: readonly string[],
  depth: number,
): Column {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    const field = findField(object, head);
    if (field === undefined) throw new Error(`no field ${head} on ${object.name}`);
    return { text: `t${depth}.${quote(field.name)}`, field };
  }
  const lookup = findParent(object, head);
  const columns = (lookup?.referenceTo ?? []).flatMap((name): Column[] => {
    const parent = findObject(metadata, name);
    // Only the targets that have the field: an owner may be a user or a queue.
    if (parent === undefined || lookup === undefined || !hasPath(parent, rest)) return [];
    const inner = resolve(metadata, parent, rest, depth + 1);
    const from = `${quote(parent.name)} t${depth + 1}`;
    const on = `t${depth + 1}."Id" = t${depth}.${quote(lookup.name)}`;
    return [{ text: `(SELECT ${inner.text} FROM ${from} WHERE ${on})`, field: inner.field }];
  });
  const first = columns[0];
  if (first === undefined) throw new Error(`no path ${path.join('.')} from ${object.name}`);
  if (columns.length === 1) return first;
  return {
    text: `coalesce(${columns.map((column) => column.text).join(', ')})`,
    field: first.field,
  };
}

function hasPath(object: ObjectDef, path: readonly string[]): boolean {
  const [head = '', ...rest] = path;
  return rest.length === 0
    ? findField(object, head) !== undefined
    : findParent(object, head) !== undefined;
}
