import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';
import { z } from 'zod';

import type { Fields } from './org.ts';

/** The org's half of a policy in `config/starter-policies.yaml`, with the file's own defaults. */
const service = z.object({
  route: z.string().default('Case'),
  queue: z.string().default('Signal_Triage'),
  priority: z.string().default(''),
  closedStatus: z.string().default('Closed'),
  closeWhenCleared: z.boolean().default(false),
});
const policy = z.object({
  key: z.string(),
  name: z.string(),
  service: service.prefault({}),
});

/** Reads the policies file and answers one `Signal_Policy__c` for each policy. */
export async function readPolicyRecords(file: string): Promise<Fields[]> {
  const policies = z.array(policy).safeParse(parse(await readFile(file, 'utf8')));
  if (!policies.success) throw new Error(`${file}: ${z.prettifyError(policies.error)}`);
  return policies.data.map(({ key, name, service: org }) => ({
    Name: name,
    Policy_Key__c: key,
    Active__c: true,
    Route__c: org.route,
    Queue__c: org.queue,
    Case_Priority__c: org.priority,
    Closed_Status__c: org.closedStatus,
    Close_When_Cleared__c: org.closeWhenCleared,
  }));
}
