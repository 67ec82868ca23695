import { findField, findObject, findParent } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import { SoqlError } from './soqlError.ts';

/** What names mean in one query: its object, and what the asking user may see. */
export interface Scope {
  readonly metadata: OrgMetadata;
  readonly object: ObjectDef;
  /** `FROM Account a` lets fields be written `a.Name`. */
  readonly alias?: string;
  /** The query as written, for pointing at errors. */
  readonly soql: string;
  /** A field that may not be read is as good as missing. */
  readonly mayRead: (object: ObjectDef, field: FieldDef) => boolean;
}

/** A field reached over zero or more lookups. */
export interface FieldPath {
  /** The lookups on the way, each on the object before it. */
  readonly lookups: readonly FieldDef[];
  /** The definition at the end; for an owner that may be a user or a queue, the first that has it. */
  readonly field: FieldDef;
  /** In canonical spelling: `Asset__r.Account.Name`. */
  readonly text: string;
}

/**
 * "No more than five levels can be specified in a child-to-parent relationship" (SOQL and SOSL
 * Reference, "Understanding Relationship Query Limitations").
 */
const MOST_STEPS = 5;

/** Finds a field by its path, without regard to case; throws `INVALID_FIELD` in the platform's words. */
export function resolvePath(scope: Scope, raw: string): FieldPath {
  const names = raw.split('.');
  const first = names[0]?.toLowerCase();
  if (
    names.length > 1 &&
    (first === scope.alias?.toLowerCase() || first === scope.object.name.toLowerCase())
  ) {
    names.shift();
  }
  if (names.length > MOST_STEPS + 1) {
    throw new SoqlError('MALFORMED_QUERY', `${raw}: at most ${MOST_STEPS} levels of parents`);
  }
  let objects: readonly ObjectDef[] = [scope.object];
  const lookups: FieldDef[] = [];
  for (const name of names.slice(0, -1)) {
    const lookup = firstOf(objects, (object) => readableParent(scope, object, name));
    if (lookup === undefined) throw noRelation(scope, raw, name, objects[0]);
    lookups.push(lookup);
    objects = (lookup.referenceTo ?? [])
      .map((target) => findObject(scope.metadata, target))
      .filter((object) => object !== undefined);
  }
  const last = names.at(-1) ?? '';
  const field = firstOf(objects, (object) => {
    const found = findField(object, last);
    return found !== undefined && scope.mayRead(object, found) ? found : undefined;
  });
  if (field === undefined) throw noColumn(scope, raw, last, objects[0]);
  const text = [...lookups.map((lookup) => lookup.relationshipName ?? ''), field.name].join('.');
  return { lookups, field, text };
}

function readableParent(scope: Scope, object: ObjectDef, name: string): FieldDef | undefined {
  const lookup = findParent(object, name);
  return lookup !== undefined && scope.mayRead(object, lookup) ? lookup : undefined;
}

function firstOf<T, R>(items: readonly T[], pick: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function noRelation(
  scope: Scope,
  raw: string,
  name: string,
  object: ObjectDef | undefined,
): SoqlError {
  return new SoqlError(
    'INVALID_FIELD',
    `${pointAt(scope.soql, raw)}Didn't understand relationship '${name}' in field path. If you are ` +
      `attempting to use a custom relationship, be sure to append the '__r' after the custom ` +
      `relationship name. Please reference your WSDL or the describe call for the appropriate names. ` +
      `(on ${object?.name})`,
  );
}

function noColumn(
  scope: Scope,
  raw: string,
  name: string,
  object: ObjectDef | undefined,
): SoqlError {
  return new SoqlError(
    'INVALID_FIELD',
    `${pointAt(scope.soql, raw)}No such column '${name}' on entity '${object?.name}'. If you are ` +
      `attempting to use a custom field, be sure to append the '__c' after the custom field name. ` +
      `Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

/** The lines with which the platform shows where in the query an error lies. */
function pointAt(soql: string, raw: string): string {
  const index = soql.toLowerCase().indexOf(raw.toLowerCase());
  if (index < 0) return '\n';
  const from = Math.max(0, index - 30);
  const excerpt = soql.slice(from, index + raw.length + 30).replaceAll('\n', ' ');
  const before = soql.slice(0, index).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `\n${excerpt}\n${' '.repeat(index - from)}^\nERROR at Row:${before.length}:Column:${column}\n`;
}
