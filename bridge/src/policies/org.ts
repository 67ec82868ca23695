import { z } from 'zod';
import type { Rest } from '../edge/salesforce/rest.ts';
import { keyOf, POLICY_FIELDS, valueIn } from './records.ts';
import type { PolicyRecord } from './records.ts';

/** Rows of one page of a query answer at most. Source: REST API guide, "Query". */
const ROWS = 2_000;
/** Records of one collections call at most. Source: REST API guide, "sObject Collections". */
const RECORDS = 200;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const page = z.object({ records: z.array(z.record(z.string(), z.unknown())) });
const results = z.array(
  z.object({
    success: z.boolean(),
    errors: z.array(z.object({ message: z.string() })).default([]),
  }),
);

/** All policies of the org, as they would stand in a file. @throws OrgError */
export async function readOrgRecords(rest: Rest, namespace: string): Promise<PolicyRecord[]> {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const named = (field: string): string => (field === 'Name' ? field : prefix + field);
  const key = `${prefix}Device_Key__c`;
  const fields = [...['Policy_Key__c', ...POLICY_FIELDS].map(named), `${prefix}Device__r.${key}`];
  const { records } = await rest.query(
    `SELECT ${fields.join(', ')} FROM ${prefix}Signal_Policy__c ORDER BY ${prefix}Policy_Key__c LIMIT ${ROWS}`,
    page,
  );
  const related = z.object({ [key]: z.string() }).nullish();
  return records.map((row) => {
    const device = related.parse(row[`${prefix}Device__r`])?.[key];
    const entries = ['Policy_Key__c', ...POLICY_FIELDS].map(
      (field) => [field, scalar.parse(row[named(field)] ?? null)] as const,
    );
    return { ...Object.fromEntries(entries), Device_Key__c: device ?? null };
  });
}

/** Makes or changes these policies by their keys; answers what was refused, a line each. @throws OrgError */
export async function writeOrgRecords(
  rest: Rest,
  namespace: string,
  records: readonly PolicyRecord[],
): Promise<readonly string[]> {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const refused: string[] = [];
  for (let from = 0; from < records.length; from += RECORDS) {
    const some = records.slice(from, from + RECORDS);
    const body = { allOrNone: false, records: some.map((one) => bodyOf(prefix, one)) };
    const path = `/composite/sobjects/${prefix}Signal_Policy__c/${prefix}Policy_Key__c`;
    const saved = await rest.patch(path, body, results);
    for (const [index, { success, errors }] of saved.entries()) {
      const one = some[index];
      if (success || one === undefined) continue;
      refused.push(`! ${keyOf(one)}: ${errors.map(({ message }) => message).join(' ')}`);
    }
  }
  return refused;
}

/** Every field, for what is not in the file is to be empty. */
function bodyOf(prefix: string, one: PolicyRecord): Readonly<Record<string, unknown>> {
  const fields = ['Policy_Key__c', ...POLICY_FIELDS].map((field) => {
    const name = field === 'Name' ? field : prefix + field;
    return [name, valueIn(one, field)] as const;
  });
  const device = one['Device_Key__c'] ?? null;
  return {
    attributes: { type: `${prefix}Signal_Policy__c` },
    ...Object.fromEntries<unknown>(fields),
    ...(device === null
      ? { [`${prefix}Device__c`]: null }
      : { [`${prefix}Device__r`]: { [`${prefix}Device_Key__c`]: device } }),
  };
}
