import { objectOfPrefix } from '../metadata/find.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type {
  Condition,
  FieldValue,
  Query,
  RecordData,
  SaveError,
  SaveOutcome,
} from '../store/records.ts';
import { QueryFault } from './errors.ts';
import type { Interview, SaveRow } from './runtime.ts';

export type FlowRight = 'create' | 'read' | 'edit' | 'delete';

/** What users may do with data, for flows that do not run as the system. */
export interface UserAccess {
  may(userId: string, object: string, right: FlowRight): boolean;
  mayField(userId: string, object: string, field: string, right: 'read' | 'edit'): boolean;
  mayRow(userId: string, object: ObjectDef, row: RecordData, right: FlowRight): boolean;
  rowFilter(userId: string, object: ObjectDef): Condition | undefined;
}

/**
 * In whose name an interview touches data (help platform.flow_distribute_context): `user` minds object
 * permissions, field-level security and sharing; `sharing` "respects org-wide default settings … but it
 * doesn't respect object permissions, field-level access"; `system` minds nothing.
 */
export type DataMode = 'user' | 'sharing' | 'system';

/** The rows that the interview's user may see of those that a query finds. */
export function selectFor(interview: Interview, object: ObjectDef, query: Query): RecordData[] {
  const { actor, context, mode } = interview;
  if (mode === 'system') return context.store.select(query);
  const { access } = context;
  // The words of the API for an object that the user may not read.
  if (mode === 'user' && !access.may(actor.userId, object.name, 'read'))
    throw new QueryFault(`INVALID_TYPE: sObject type '${object.name}' is not supported.`);
  const parentFilter = (parent: ObjectDef): Condition | undefined =>
    mode === 'user' && !access.may(actor.userId, parent.name, 'read')
      ? { kind: 'or', parts: [] }
      : access.rowFilter(actor.userId, parent);
  const own = access.rowFilter(actor.userId, object);
  const parts = [query.where, own].filter((part) => part !== undefined);
  return context.store.select({ ...query, where: { kind: 'and', parts }, parentFilter });
}

/** Refuses a filter or an order by a field that the interview's user may not read. */
export function refuseUnreadable(
  interview: Interview,
  object: ObjectDef,
  fields: readonly string[],
): void {
  const field = fields.find((name) => !mayReadField(interview, object.name, name));
  if (field !== undefined)
    throw new QueryFault(`INVALID_FIELD: No such column '${field}' on entity '${object.name}'.`);
}

export function mayReadField(interview: Interview, object: string, field: string): boolean {
  const { actor, context, mode } = interview;
  return mode !== 'user' || context.access.mayField(actor.userId, object, field, 'read');
}

/** One row through a lookup, or undefined where there is none or the user may not see it. */
export function readFor(
  interview: Interview,
  object: ObjectDef,
  id: string,
): RecordData | undefined {
  const { actor, context, mode } = interview;
  const row = context.store.read(object.name, id);
  if (row === undefined || mode === 'system') return row;
  if (mode === 'user' && !context.access.may(actor.userId, object.name, 'read')) return undefined;
  return context.access.mayRow(actor.userId, object, row, 'read') ? row : undefined;
}

/** A row of one interview on its way to a save. */
export interface OwnRow {
  readonly interview: Interview;
  readonly values: SaveRow['values'];
}

/** Saves what the users of the interviews may save; what they may not fails with the platform's codes. */
export function saveFor(
  metadata: OrgMetadata,
  right: 'create' | 'edit' | 'delete',
  object: ObjectDef,
  rows: readonly OwnRow[],
  save: (rows: readonly OwnRow[]) => SaveOutcome[],
): SaveOutcome[] {
  const refusals = rows.map((row) => refusalOf(metadata, right, object, row));
  const allowed = rows.filter((_, index) => refusals[index] === undefined);
  const saved = allowed.length === 0 ? [] : save(allowed);
  let at = 0;
  return refusals.map((error): SaveOutcome => {
    if (error !== undefined) return { ok: false, errors: [error] };
    const outcome = saved[at];
    at += 1;
    if (outcome === undefined) throw new Error(`${object.name}: a row was saved without outcome`);
    return outcome;
  });
}

function refusalOf(
  metadata: OrgMetadata,
  right: 'create' | 'edit' | 'delete',
  object: ObjectDef,
  { interview, values }: OwnRow,
): SaveError | undefined {
  const { actor, context, mode } = interview;
  if (mode === 'system') return undefined;
  const { access, store } = context;
  const { userId } = actor;
  if (mode === 'user' && !access.may(userId, object.name, right))
    return noObjectRight(object, right);
  const id = right === 'create' ? undefined : values['Id'];
  const stored = typeof id === 'string' ? store.read(object.name, id) : undefined;
  if (stored !== undefined && !access.mayRow(userId, object, stored, 'read'))
    return unreadable(String(id));
  if (stored !== undefined && !access.mayRow(userId, object, stored, right)) return noRowRight;
  if (right === 'delete') return undefined;
  // A record variable that was got and goes back saves what was changed in it.
  const changed = Object.entries(values).filter(
    ([name, value]) => name !== 'Id' && (stored === undefined || (stored[name] ?? null) !== value),
  );
  const closed = changed.map(([name]) => name).filter((name) => !mayEdit(name));
  if (closed.length > 0) return noFieldRight(closed);
  return unreadableTarget(metadata, interview, object, changed);

  function mayEdit(field: string): boolean {
    return mode !== 'user' || access.mayField(userId, object.name, field, 'edit');
  }
}

/** "The running user does not have Read sharing access to a parent record" (Help article 005385199). */
function unreadableTarget(
  metadata: OrgMetadata,
  interview: Interview,
  object: ObjectDef,
  changed: readonly (readonly [string, FieldValue])[],
): SaveError | undefined {
  for (const [name, value] of changed) {
    if (object.fields.get(name)?.type !== 'Lookup' || typeof value !== 'string') continue;
    const target = objectOfPrefix(metadata, value.slice(0, 3));
    if (target === undefined || target.kind === 'event') continue;
    const isThere = interview.context.store.read(target.name, value) !== undefined;
    if (isThere && readFor(interview, target, value) === undefined) return unreadable(value);
  }
  return undefined;
}

function noObjectRight(object: ObjectDef, right: 'create' | 'edit' | 'delete'): SaveError {
  if (right === 'delete') return noRowRight;
  return {
    statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: `entity type cannot be ${right === 'create' ? 'inserted' : 'updated'}: ${object.label}`,
    fields: [],
  };
}

const noRowRight: SaveError = {
  statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
  message: 'insufficient access rights on object id',
  fields: [],
};

function unreadable(id: string): SaveError {
  return {
    statusCode: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    message: `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
    fields: [],
  };
}

/** The words of a flow error email (simplysfdc.com/2016/09); that nothing is saved then: release note spring17 rn_forcecom_flow_filter. */
function noFieldRight(fields: readonly string[]): SaveError {
  return {
    statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    message:
      `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of ` +
      'this field and verify that it is read/write for your profile or permission set.',
    fields,
  };
}
