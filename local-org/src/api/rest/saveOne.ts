import type { ObjectDef } from '../../metadata/schema.ts';
import type { SaveOutcome } from '../../store/records.ts';
import { readBody } from './body.ts';
import type { ApiRequest, RestParts } from './context.ts';
import { RestError } from './errors.ts';
import { idError, objectError, onlyOutcome, rowError } from './saves.ts';

/*
 * One record saved for an API user: rights on the object, the row, the fields and the records its
 * lookups name, then the save with everything it sets off. What is refused comes back as the
 * outcome; JSON of the wrong type throws `RestError`.
 */

/** Creates a record (or publishes an event) from its JSON. */
export function insertOne(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  json: unknown,
): SaveOutcome {
  const error = objectError(parts, request, object, 'create');
  if (error !== undefined) return { ok: false, errors: [error] };
  const read = readBody(parts, request, object, json);
  if (!read.ok) return read;
  return onlyOutcome(
    parts.dml.insert(object.name, [read.values], actorOf(request), { allOrNone: true }),
  );
}

/** Changes the fields of a record that the JSON names. */
export function updateOne(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  id: string,
  json: unknown,
): SaveOutcome {
  const error =
    objectError(parts, request, object, 'edit') ??
    idError(object, id) ??
    rowError(parts, request, object, id, 'edit');
  if (error !== undefined) return { ok: false, errors: [error] };
  const read = readBody(parts, request, object, json);
  if (!read.ok) return read;
  if (read.values['Id'] !== undefined) throw specified('Id');
  const changes = { ...read.values, Id: id };
  return onlyOutcome(
    parts.dml.update(object.name, [changes], actorOf(request), { allOrNone: true }),
  );
}

/** Puts a record into the recycle bin. */
export function deleteOne(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  id: string,
): SaveOutcome {
  const error =
    objectError(parts, request, object, 'delete') ??
    idError(object, id) ??
    rowError(parts, request, object, id, 'delete');
  if (error !== undefined) return { ok: false, errors: [error] };
  return onlyOutcome(parts.dml.delete(object.name, [id], actorOf(request), { allOrNone: true }));
}

/** A key that stands in the URL and must not stand in the body too. */
export function specified(field: string): RestError {
  return new RestError(
    400,
    'INVALID_FIELD',
    `The ${field} field should not be specified in the sobject data.`,
  );
}

/** The user whom the save is stamped with. */
export function actorOf(request: ApiRequest): { readonly userId: string } {
  return { userId: request.session.userId };
}
