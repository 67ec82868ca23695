import { z } from 'zod';

/** A row of a query's answer. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Rows with a key that is a text, and further fields that are texts or empty. Looks at them itself, and has zod say what is
 * wrong where something is: rows come by the hundred, and it makes a copy of each.
 *
 * @param texts names of the further fields
 * @throws ZodError where the body is no such answer
 */
export function makeRowReader(
  key: string,
  texts: readonly string[],
): (body: unknown) => readonly Row[] {
  const schema = z.object({
    records: z.array(
      z.looseObject({
        [key]: z.string(),
        ...Object.fromEntries(texts.map((field) => [field, z.string().nullish()])),
      }),
    ),
  });
  const isText = (value: unknown): boolean =>
    typeof value === 'string' || value === null || value === undefined;
  const isRow = (row: unknown): row is Row =>
    isObject(row) && typeof row[key] === 'string' && texts.every((field) => isText(row[field]));
  return (body) => {
    const records = isObject(body) ? body['records'] : undefined;
    if (Array.isArray(records) && records.every(isRow)) return records;
    return schema.parse(body).records;
  };
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null;
