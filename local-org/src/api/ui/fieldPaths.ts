import type { ObjectDef } from '../../metadata/schema.ts';
import { resolvePath } from '../../store/soql/paths.ts';
import type { FieldPath } from '../../store/soql/paths.ts';
import { SoqlError } from '../../store/soql/soqlError.ts';
import type { ApiRequest, RestParts } from '../rest/context.ts';
import { RestError } from '../rest/errors.ts';
import { badParameter } from './errors.ts';

/**
 * The fields that a request names, `Asset.Name,Asset.Account.Name`: those of `fields` must be there
 * and readable, those of `optionalFields` are left out when they are not.
 * Source: User Interface API Developer Guide, "Get a Record".
 */
export function askedPaths(parts: RestParts, request: ApiRequest, object: ObjectDef): FieldPath[] {
  const { fields, optionalFields } = namesOf(request);
  const paths = new Map<string, FieldPath>();
  const add = (path: FieldPath | undefined): void => {
    if (path !== undefined) paths.set(path.text, path);
  };
  for (const name of fields) add(required(parts, request, object, unqualified(object, name)));
  for (const name of optionalFields)
    add(optional(parts, request, object, unqualified(object, name)));
  return [...paths.values()];
}

const parameters: ReadonlySet<string> = new Set(['fields', 'optionalFields']);

function namesOf(request: ApiRequest): { fields: string[]; optionalFields: string[] } {
  for (const name of request.query.keys()) {
    if (!parameters.has(name))
      throw badParameter(`The parameter ${name} is not implemented by the local org's UI API`);
  }
  const list = (name: string): string[] =>
    request.query
      .getAll(name)
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== '');
  const names = { fields: list('fields'), optionalFields: list('optionalFields') };
  if (names.fields.length + names.optionalFields.length > 0) return names;
  throw badParameter(
    'Name the fields with fields or optionalFields; layouts are not implemented by the local org',
  );
}

function unqualified(object: ObjectDef, name: string): string {
  const dot = name.indexOf('.');
  if (dot < 0) throw badParameter(`Expected '.' in all qualified names: ${name} is invalid`);
  if (name.slice(0, dot).toLowerCase() === object.name.toLowerCase()) return name.slice(dot + 1);
  throw badParameter(`${name} is not a field of ${object.name}, the type of this record`);
}

function required(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  name: string,
): FieldPath {
  try {
    return resolve(parts, request, object, name);
  } catch (error) {
    if (!(error instanceof SoqlError)) throw error;
    throw new RestError(400, error.errorCode, `${error.errorCode}: ${error.message}`);
  }
}

function optional(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  name: string,
): FieldPath | undefined {
  try {
    return resolve(parts, request, object, name);
  } catch (error) {
    if (error instanceof SoqlError) return undefined;
    throw error;
  }
}

function resolve(
  { metadata, access }: RestParts,
  { session }: ApiRequest,
  object: ObjectDef,
  name: string,
): FieldPath {
  const path = resolvePath(
    {
      metadata,
      object,
      soql: `SELECT ${name}`,
      mayRead: (of, field) =>
        access.may(session.userId, of.name, 'read') &&
        access.mayField(session.userId, of.name, field.name, 'read'),
    },
    name,
  );
  if (path.field.type !== 'Location') return path;
  throw badParameter(
    `${path.text} is a compound field, which the local org's UI API does not show; name its latitude and longitude`,
  );
}
