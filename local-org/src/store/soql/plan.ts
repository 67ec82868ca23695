import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type {
  FieldType as ParsedField,
  OrderByClause,
  Query as ParsedQuery,
} from '@jetstreamapp/soql-parser-js';

import { findObject } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { Condition, FieldValue, Query, RecordData } from '../records.ts';
import { makeAggregate } from './aggregates.ts';
import type { Aggregate } from './aggregates.ts';
import { toCondition } from './conditions.ts';
import { resolvePath } from './paths.ts';
import type { FieldPath, Scope } from './paths.ts';
import { SoqlError, notImplemented } from './soqlError.ts';

/** A query judged and ready to run. */
export type Plan = {
  readonly object: ObjectDef;
  readonly query: Query;
  /** Whether the asker sees this row of a parent; the fields of others are empty. */
  readonly sees: Asker['mayRow'];
} & (
  | { readonly kind: 'count' }
  | { readonly kind: 'rows'; readonly fields: readonly FieldPath[] }
  | {
      readonly kind: 'groups';
      readonly groupBy: readonly FieldPath[];
      readonly columns: readonly Aggregate[];
    }
);

/** Who asks, and when. */
export interface Asker {
  readonly metadata: OrgMetadata;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly includeDeleted: boolean;
  readonly mayRead: (object: ObjectDef, field?: FieldDef) => boolean;
  /** Sharing: whether the asker may see this row. */
  readonly mayRow: (object: ObjectDef, row: RecordData) => boolean;
  /** The rows of the object that the asker may see, or undefined for all. */
  readonly rowFilter: (object: ObjectDef) => Condition | undefined;
  /** Runs the inner query of a semi-join: the values of its only field. */
  readonly innerValues: (plan: Plan) => readonly FieldValue[];
}

/** Parses and judges a SOQL query; throws `SoqlError` for what is wrong or not implemented. */
export function makePlan(asker: Asker, soql: string): Plan {
  let parsed: ParsedQuery;
  try {
    parsed = parseQuery(soql);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SoqlError('MALFORMED_QUERY', `${reason}\n${soql}`, { cause });
  }
  return planParsed(asker, soql, parsed);
}

function planParsed(asker: Asker, soql: string, parsed: ParsedQuery): Plan {
  refuseClauses(parsed);
  const object = findObject(asker.metadata, parsed.sObject ?? '');
  if (object === undefined || object.kind === 'event' || !asker.mayRead(object)) {
    throw new SoqlError('INVALID_TYPE', `sObject type '${parsed.sObject ?? ''}' is not supported.`);
  }
  const scope: Scope = {
    metadata: asker.metadata,
    object,
    soql,
    mayRead: (of, field) => asker.mayRead(of, field),
    ...(parsed.sObjectAlias === undefined ? {} : { alias: parsed.sObjectAlias }),
  };
  const query = toQuery(asker, scope, parsed);
  const judged = { object, query, sees: asker.mayRow };
  const fields = parsed.fields ?? [];
  const groupBy = listOf(parsed.groupBy).map((group) => {
    if (!('field' in group)) throw notImplemented('GROUP BY with a function');
    const path = resolvePath(scope, group.field);
    if (path.field.formula !== undefined)
      throw notImplemented(`GROUP BY the formula field ${path.field.name}`);
    if (path.field.type === 'Location')
      throw notImplemented(`GROUP BY the compound field ${path.field.name}`);
    return path;
  });
  if (groupBy.length === 0 && isBareCount(fields)) return { kind: 'count', ...judged };
  const isAggregate = fields.some(
    (field) =>
      field.type === 'FieldFunctionExpression' && field.functionName.toUpperCase() !== 'FIELDS',
  );
  if (groupBy.length > 0 || isAggregate) {
    const columns = fields.map((field, index) => makeAggregate(scope, field, index, groupBy));
    for (const { field } of query.orderBy ?? []) {
      if (groupBy.some((group) => group.text === field)) continue;
      throw new SoqlError(
        'MALFORMED_QUERY',
        `Ordered field must be grouped or aggregated: ${field}`,
      );
    }
    return { kind: 'groups', ...judged, groupBy, columns };
  }
  const paths = fields.flatMap((field) => toPaths(asker, scope, parsed, field));
  const twice = paths.find(
    (path, index) => paths.findIndex((other) => other.text === path.text) < index,
  );
  if (twice !== undefined)
    throw new SoqlError('INVALID_FIELD', `duplicate field selected: ${twice.text}`);
  return { kind: 'rows', ...judged, fields: paths };
}

function refuseClauses(parsed: ParsedQuery): void {
  if (parsed.having !== undefined) throw notImplemented('HAVING');
  if (parsed.usingScope !== undefined) throw notImplemented('USING SCOPE');
  if (parsed.withDataCategory !== undefined) throw notImplemented('WITH DATA CATEGORY');
  if (parsed.update !== undefined) throw notImplemented(`UPDATE ${parsed.update}`);
  if (parsed.withSecurityEnforced === true) throw notImplemented('WITH SECURITY_ENFORCED');
  if (parsed.withAccessLevel !== undefined) throw notImplemented(`WITH ${parsed.withAccessLevel}`);
  if (parsed.for !== undefined) throw notImplemented(`FOR ${parsed.for}`);
}

function toQuery(asker: Asker, scope: Scope, parsed: ParsedQuery): Query {
  const given =
    parsed.where === undefined
      ? undefined
      : toCondition(
          {
            scope,
            now: asker.now,
            innerValues: (inner) => asker.innerValues(planParsed(asker, scope.soql, inner)),
          },
          parsed.where,
        );
  const conditions = [given, asker.rowFilter(scope.object)].filter((one) => one !== undefined);
  const orderBy = listOf<OrderByClause>(parsed.orderBy).map((order) => {
    if (!('field' in order)) throw notImplemented('ORDER BY with a function');
    const { field, text } = resolvePath(scope, order.field);
    if (field.formula !== undefined)
      throw notImplemented(`ORDER BY the formula field ${field.name}`);
    if (field.type === 'LongTextArea' || field.type === 'Location') {
      throw new SoqlError(
        'INVALID_FIELD',
        `field '${field.name}' can not be sorted in a query call`,
      );
    }
    return { field: text, descending: order.order === 'DESC', nullsLast: order.nulls === 'LAST' };
  });
  return {
    object: scope.object.name,
    includeDeleted: asker.includeDeleted,
    parentFilter: (object) => asker.rowFilter(object),
    ...(conditions.length > 0 ? { where: { kind: 'and', parts: conditions } } : {}),
    ...(orderBy.length > 0 ? { orderBy } : {}),
    ...limitsOf(parsed),
  };
}

function limitsOf(parsed: ParsedQuery): Pick<Query, 'limit' | 'offset'> {
  const { limit, offset } = parsed;
  if (offset !== undefined && offset > 2000) {
    throw new SoqlError('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  }
  return { ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) };
}

function isBareCount(fields: readonly ParsedField[]): boolean {
  const only = fields[0];
  return (
    fields.length === 1 &&
    only?.type === 'FieldFunctionExpression' &&
    only.functionName.toUpperCase() === 'COUNT' &&
    only.parameters.length === 0
  );
}

function toPaths(asker: Asker, scope: Scope, parsed: ParsedQuery, field: ParsedField): FieldPath[] {
  if ('alias' in field && field.alias !== undefined) {
    throw new SoqlError('MALFORMED_QUERY', 'only aggregate expressions use field aliasing');
  }
  switch (field.type) {
    case 'Field':
      return [resolvePath(scope, field.field)];
    case 'FieldRelationship':
      return [resolvePath(scope, [...field.relationships, field.field].join('.'))];
    case 'FieldFunctionExpression':
      return allFields(asker, scope, parsed, field.parameters[0]);
    case 'FieldSubquery':
      throw notImplemented('a query of child records inside a query');
    case 'FieldTypeof':
      throw notImplemented('TYPEOF');
  }
}

/** `FIELDS(ALL)` and `FIELDS(CUSTOM)` need a LIMIT of at most 200, as on the platform. */
function allFields(asker: Asker, scope: Scope, parsed: ParsedQuery, group: unknown): FieldPath[] {
  const wanted = typeof group === 'string' ? group.toUpperCase() : '';
  if (!['ALL', 'STANDARD', 'CUSTOM'].includes(wanted))
    throw notImplemented('this function of a column');
  if (wanted !== 'STANDARD' && (parsed.limit ?? Infinity) > 200) {
    throw new SoqlError(
      'MALFORMED_QUERY',
      'The SOQL FIELDS function must have a LIMIT of at most 200',
    );
  }
  return [...scope.object.fields.values()]
    .filter((field) => wanted === 'ALL' || field.name.endsWith('__c') === (wanted === 'CUSTOM'))
    .filter((field) => asker.mayRead(scope.object, field))
    .map((field) => resolvePath(scope, field.name));
}

function listOf<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
