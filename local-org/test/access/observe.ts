import { z } from 'zod';

import { DATA } from './accessOrg.ts';
import type { AccessOrg, Reply } from './accessOrg.ts';
import type { Job } from './jobs.ts';
import type { Records } from './records.ts';

/** Tries what a job may do with an object, in the letters of the table of rights. */
export async function rightsOn(
  org: AccessOrg,
  records: Records,
  job: Job,
  object: string,
): Promise<string> {
  if (object.endsWith('__e')) return (await mayPublish(org, job, object)) ? 'C' : '-';
  const path = `${DATA}/sobjects/${object}`;
  const created = await org.call(job, 'POST', path, records.sample(object));
  const foreign = await records.make(object);
  const own = await records.make(object, job);
  const may = async (method: string, id: string): Promise<boolean> =>
    isDone(await org.call(job, method, `${path}/${id}`));
  const reads = (await may('GET', foreign)) ? 'R' : (await may('GET', own)) ? 'r' : '';
  const deletes = (await may('DELETE', foreign)) ? 'D' : (await may('DELETE', own)) ? 'd' : '';
  return `${isDone(created) ? 'C' : ''}${reads}${deletes}` || '-';
}

async function mayPublish(org: AccessOrg, job: Job, event: string): Promise<boolean> {
  const body =
    event === 'Signal_Notice__e'
      ? { Kind__c: 'Policy', Record_Id__c: 'a00000000000000' }
      : { Event_Key__c: `forged by ${job}` };
  return isDone(await org.call(job, 'POST', `${DATA}/sobjects/${event}`, body));
}

/** Tries to read and to write a field, in the letters of the table of fields. */
export async function rightOnField(
  org: AccessOrg,
  records: Records,
  job: Job,
  path: string,
  value: unknown,
): Promise<string> {
  const [object = '', field = ''] = path.split('.');
  const tried = async (owner: Job | undefined): Promise<string> => {
    const seen = await tryField(org, job, object, field, value, await records.take(object, owner));
    if (seen === 'w') records.used(object, owner);
    return seen;
  };
  const foreign = await tried(undefined);
  if (foreign === 'w' || foreign === '!') return foreign;
  const own = await tried(job);
  return own === 'w' ? 'o' : own;
}

async function tryField(
  org: AccessOrg,
  job: Job,
  object: string,
  field: string,
  value: unknown,
  id: string,
): Promise<string> {
  const query = encodeURIComponent(`SELECT ${field} FROM ${object} WHERE Id = '${id}'`);
  const read = await org.call(job, 'GET', `${DATA}/query?q=${query}`);
  const written = await org.call(job, 'PATCH', `${DATA}/sobjects/${object}/${id}`, {
    [field]: value,
  });
  if (isDone(written)) return isDone(read) ? 'w' : 'written and not read';
  if (!isDone(read)) return '-';
  const code = codeOf(written);
  if (code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION') return '!';
  return REFUSALS.has(code) ? 'r' : code;
}

/** How the API refuses for want of a right. Any other refusal would be a mistake of the test. */
const REFUSALS: ReadonlySet<string> = new Set([
  'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  'NOT_FOUND',
]);

const errors = z.array(z.object({ errorCode: z.string() })).nonempty();

function codeOf({ status, body }: Reply): string {
  const read = errors.safeParse(body);
  return read.success ? (read.data[0]?.errorCode ?? '') : `${status} ${JSON.stringify(body)}`;
}

function isDone({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}
