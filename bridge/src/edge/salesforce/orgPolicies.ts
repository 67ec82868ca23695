import { z } from 'zod';

import { ok } from '../../model/result.ts';
import type { OrgPolicies, OrgPolicy } from '../../ports/policies.ts';
import { asResult, OrgError } from './orgError.ts';
import { makePolicyRecords } from './policyRecords.ts';
import type { Rest } from './rest.ts';

export interface OrgPoliciesOptions {
  readonly rest: Rest;
  readonly namespace: string;
}

/** Rows of one page of a query answer at most. Source: REST API guide, "Query". */
const ROWS = 2_000;
/** Records of one collections call at most. Source: REST API guide, "sObject Collections". */
const RECORDS = 200;

const rows = z.object({ records: z.array(z.looseObject({ Id: z.string() })) });
const saveResults = z.array(
  z.object({
    success: z.boolean(),
    errors: z.array(z.object({ statusCode: z.string(), message: z.string() })).default([]),
  }),
);
/** What an update of a deleted record answers. Source: SOAP API Developer Guide, "Status Codes". */
const GONE: readonly string[] = ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND'];

/** `Signal_Policy__c` of one org over REST. */
export function makeOrgPolicies({ rest, namespace }: OrgPoliciesOptions): OrgPolicies {
  const records = makePolicyRecords(namespace);
  const { object, fields } = records;

  return {
    read: () =>
      asResult(async () => {
        const policies: OrgPolicy[] = [];
        for (let after = ''; ;) {
          const behind = after === '' ? '' : `WHERE Id > '${after}' `;
          const page = await rest.query(
            `SELECT ${fields.join(', ')} FROM ${object} ${behind}ORDER BY Id LIMIT ${ROWS}`,
            rows,
          );
          policies.push(...page.records.map((row) => records.read(row)));
          if (page.records.length < ROWS) return policies;
          after = page.records.at(-1)?.Id ?? '';
        }
      }),
    tell: async (verdicts) => {
      for (let from = 0; from < verdicts.length; from += RECORDS) {
        const body = {
          allOrNone: false,
          records: verdicts.slice(from, from + RECORDS).map(records.write),
        };
        const told = await asResult(async () => {
          const results = await rest.patch('/composite/sobjects', body, saveResults);
          const [refused] = results.flatMap(({ errors }) => errors).filter(isTrouble);
          if (refused !== undefined) throw untold(refused);
        });
        if (!told.ok) return told;
      }
      return ok(undefined);
    },
  };
}

interface SaveError {
  readonly statusCode: string;
  readonly message: string;
}

const isTrouble = ({ statusCode }: SaveError): boolean => !GONE.includes(statusCode);

function untold({ statusCode, message }: SaveError): OrgError {
  return new OrgError({
    kind: 'configuration',
    reason: `The org did not let the bridge write what became of a policy (${statusCode}: ${message}).`,
    action:
      'Give the bridge user the permission set Signal_Bridge; look for rules and flows of your own.',
  });
}
