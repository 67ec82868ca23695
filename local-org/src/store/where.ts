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
interface Column extends Sql {
  readonly field: FieldDef;
}

/** What names mean, and who asks. */
interface Asked {
  readonly metadata: OrgMetadata;
  readonly parentFilter?: Query['parentFilter'];
}

/** An object's rows under their alias. */
interface Rows {
  readonly object: ObjectDef;
  /** `t0` is the queried object, `t1` its parents, … */
  readonly depth: number;
}

/**
 * Compiles a query to SQL over the table of its object (alias `t0`), without the SELECT list.
 * Throws for a field that doesn't exist: SOQL and flows judge names before they get here.
 */
export function compileQuery(metadata: OrgMetadata, query: Query): Sql {
  const object = findObject(metadata, query.object);
  if (object === undefined) throw new Error(`no object ${query.object}`);
  const asked: Asked = { metadata, parentFilter: query.parentFilter };
  const rows: Rows = { object, depth: 0 };
  const parts: string[] = query.includeDeleted === true ? [] : ['t0."IsDeleted" = 0'];
  const params: SQLInputValue[] = [];
  if (query.where !== undefined) {
    const where = compileCondition(asked, rows, query.where);
    parts.push(where.text);
    params.push(...where.params);
  }
  let text = `FROM ${quote(object.name)} t0`;
  if (parts.length > 0) text += ` WHERE ${parts.map((part) => `(${part})`).join(' AND ')}`;
  const order = (query.orderBy ?? []).map(({ field, descending, nullsLast }) => {
    const column = columnFor(asked, rows, field);
    params.push(...column.params);
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

function compileCondition(asked: Asked, rows: Rows, condition: Condition): Sql {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => compileCondition(asked, rows, part));
      if (parts.length === 0) return { text: condition.kind === 'and' ? '1' : '0', params: [] };
      return {
        text: parts
          .map((part) => `(${part.text})`)
          .join(condition.kind === 'and' ? ' AND ' : ' OR '),
        params: parts.flatMap((part) => part.params),
      };
    }
    case 'not': {
      const part = compileCondition(asked, rows, condition.part);
      return { text: `NOT coalesce((${part.text}), 0)`, params: part.params };
    }
    case 'in':
      return compileIn(
        columnFor(asked, rows, condition.field),
        condition.values,
        condition.negated,
      );
    case 'compare':
      return compileCompare(columnFor(asked, rows, condition.field), condition.op, condition.value);
  }
}

function compileIn(column: Column, values: readonly FieldValue[], negated: boolean): Sql {
  const given = values
    .map((value) => toParam(column.field, value))
    .filter((value) => value !== null);
  const params: SQLInputValue[] = [...column.params, JSON.stringify(given)];
  let text = `coalesce(${column.text} IN (SELECT value FROM json_each(?)), 0)`;
  if (given.length < values.length) {
    text += ` OR ${column.text} IS NULL`;
    params.push(...column.params);
  }
  return { text: negated ? `NOT (${text})` : text, params };
}

function compileCompare(column: Column, op: CompareOp, value: FieldValue): Sql {
  const param = toParam(column.field, value);
  const { text } = column;
  const given = (...params: SQLInputValue[]): SQLInputValue[] => [...column.params, ...params];
  switch (op) {
    case '=':
      return { text: `${text} IS ?`, params: given(param) };
    case '!=':
      return { text: `${text} IS NOT ?`, params: given(param) };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { text: `${text} ${op} ?`, params: given(param) };
    case 'like':
      return { text: `${text} LIKE ? ESCAPE '\\'`, params: given(param) };
    case 'contains':
      return { text: `instr(lower(${text}), lower(?)) > 0`, params: given(param) };
    case 'startsWith':
      return {
        text: `substr(lower(${text}), 1, length(?)) = lower(?)`,
        params: given(param, param),
      };
    case 'endsWith':
      return {
        text: `lower(${text}) LIKE '%' || ? ESCAPE '\\'`,
        params: given(escapeLike(String(param ?? ''))),
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

function columnFor(asked: Asked, rows: Rows, path: string): Column {
  const column = resolve(asked, rows, path.split('.'));
  return { ...column, text: `${column.text} COLLATE ${collationOf(column.field)}` };
}

function resolve(asked: Asked, { object, depth }: Rows, path: readonly string[]): Column {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    const field = findField(object, head);
    if (field === undefined) throw new Error(`no field ${head} on ${object.name}`);
    return { text: `t${depth}.${quote(field.name)}`, params: [], field };
  }
  const lookup = findParent(object, head);
  const columns = (lookup?.referenceTo ?? []).flatMap((name): Column[] => {
    const parent = findObject(asked.metadata, name);
    // Only the targets that have the field: an owner may be a user or a queue.
    if (parent === undefined || lookup === undefined || !hasPath(parent, rest)) return [];
    const parents: Rows = { object: parent, depth: depth + 1 };
    const inner = resolve(asked, parents, rest);
    const seen = seenOf(asked, parents);
    const from = `${quote(parent.name)} t${depth + 1}`;
    const on = `t${depth + 1}."Id" = t${depth}.${quote(lookup.name)}${seen.text}`;
    return [
      {
        text: `(SELECT ${inner.text} FROM ${from} WHERE ${on})`,
        params: [...inner.params, ...seen.params],
        field: inner.field,
      },
    ];
  });
  const first = columns[0];
  if (first === undefined) throw new Error(`no path ${path.join('.')} from ${object.name}`);
  if (columns.length === 1) return first;
  return {
    text: `coalesce(${columns.map((column) => column.text).join(', ')})`,
    params: columns.flatMap((column) => column.params),
    field: first.field,
  };
}

/** The rows of a parent that the asker sees, as a further condition. */
function seenOf(asked: Asked, rows: Rows): Sql {
  const filter = asked.parentFilter?.(rows.object);
  if (filter === undefined) return { text: '', params: [] };
  // What decides on sharing is not itself subject to it.
  const { text, params } = compileCondition({ metadata: asked.metadata }, rows, filter);
  return { text: ` AND (${text})`, params };
}

function hasPath(object: ObjectDef, path: readonly string[]): boolean {
  const [head = '', ...rest] = path;
  return rest.length === 0
    ? findField(object, head) !== undefined
    : findParent(object, head) !== undefined;
}
