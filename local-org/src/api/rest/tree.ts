import type { SaveError } from '../../store/records.ts';
import { rolledBack } from '../../store/saveErrors.ts';
import { isJsonObject, readBody } from './body.ts';
import { malformed } from './errors.ts';
import type { Handler, Route } from './router.ts';
import { objectError, objectFor } from './saves.ts';

/** "Up to a total of 200 records across all trees" (REST API Developer Guide, "sObject Tree"). */
const MOST = 200;

interface Failure {
  readonly referenceId: string;
  readonly errors: readonly SaveError[];
}

/**
 * Creates up to 200 records of one type, all or none. Nested children are refused: this org's
 * objects don't name their child relationships.
 */
const createTree: Handler = (parts, request, parameters) => {
  const object = objectFor(parts, request, parameters['object'] ?? '');
  const given = isJsonObject(request.body) ? request.body['records'] : undefined;
  if (!Array.isArray(given) || given.length > MOST)
    throw malformed(`"records" must be a list of at most ${MOST}`);
  const right = objectError(parts, request, object, 'create');
  const read = given.map((json: unknown) => {
    const referenceId = referenceOf(json);
    const nested = isJsonObject(json) ? Object.values(json).find(isNested) : undefined;
    if (nested !== undefined)
      throw malformed(`${referenceId}: the local org does not implement nested records`);
    return {
      referenceId,
      body:
        right === undefined
          ? readBody(parts, request, object, json)
          : { ok: false as const, errors: [right] },
    };
  });
  const unreadable = read.flatMap(({ referenceId, body }): Failure[] =>
    body.ok ? [] : [{ referenceId, errors: body.errors }],
  );
  if (unreadable.length > 0) return failed(unreadable);
  const values = read.flatMap(({ body }) => (body.ok ? [body.values] : []));
  const outcomes = parts.dml.insert(object.name, values, request.session, { allOrNone: true });
  const refused = outcomes.flatMap((outcome, index): Failure[] =>
    outcome.ok || outcome.errors.includes(rolledBack)
      ? []
      : [{ referenceId: read[index]?.referenceId ?? '', errors: outcome.errors }],
  );
  if (refused.length > 0) return failed(refused);
  const results = outcomes.map((outcome, index) => ({
    referenceId: read[index]?.referenceId ?? '',
    id: outcome.ok ? outcome.id : null,
  }));
  return { status: 201, body: { hasErrors: false, results } };
};

function isNested(value: unknown): boolean {
  return isJsonObject(value) && Array.isArray(value['records']);
}

function referenceOf(json: unknown): string {
  const attributes = isJsonObject(json) ? json['attributes'] : undefined;
  const id = isJsonObject(attributes) ? attributes['referenceId'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw malformed('each record needs attributes.referenceId');
}

function failed(results: readonly Failure[]): ReturnType<Handler> {
  return { status: 400, body: { hasErrors: true, results } };
}

export const treeRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/composite/tree/:object', handler: createTree },
];
