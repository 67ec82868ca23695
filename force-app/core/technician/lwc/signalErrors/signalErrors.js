import { labels } from 'c/signalLabels';

/* What UI API answers when a record or object is not for this person to see; a record one may not
   read and one that does not exist are the same to it, and stay the same here. */
const NO_ACCESS_STATUS = new Set([403, 404]);
const NO_ACCESS_CODES = new Set([
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  'INVALID_TYPE',
  'NOT_FOUND',
]);

/* The packaged queries fit the packaged objects: one that does not pass names what the person may not read. */
const QUERY_REFUSED = 'ValidationError';

/** Whether an error of a wire or of uiRecordApi says that the person may not see or do this. */
export function isNoAccess(error) {
  if (NO_ACCESS_STATUS.has(error?.status)) return true;
  return partsOf(error).some(
    ({ errorCode, extensions }) =>
      NO_ACCESS_CODES.has(errorCode) || extensions?.ErrorType === QUERY_REFUSED,
  );
}

/** One line in plain words for an error of any shape: UI API, GraphQL (a list), Error, text. */
export function reduceError(error) {
  const messages = partsOf(error)
    .map(({ message }) => message)
    .filter(Boolean);
  return [...new Set(messages)].join(' ') || labels.errorUnknown;
}

/** The fields of `needed` (API names) that an object's info does not hold: those the person may not read. */
export function missingFields(objectInfo, needed) {
  return needed.filter((field) => !(field in objectInfo.fields));
}

function partsOf(error) {
  if (!error) return [];
  if (typeof error === 'string') return [{ message: error }];
  if (Array.isArray(error)) return error.flatMap(partsOf);
  const { body } = error;
  if (Array.isArray(body)) return body;
  if (!body) return [error];
  const output = body.output ?? body.data?.output;
  const fields = Object.values(output?.fieldErrors ?? {}).flat();
  const details = [...(output?.errors ?? []), ...fields];
  return details.length > 0 ? details : [body];
}
