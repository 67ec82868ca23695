import { z } from 'zod';
import { OrgError } from '../edge/salesforce/orgError.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import { failure, okay } from './finding.ts';
import type { Finding } from './finding.ts';
import { USES } from './rights.ts';
import type { ObjectUse } from './rights.ts';

/** What the bridge needs of a describe. Source: REST API guide, "sObject Describe". */
export const describeReply = z.object({
  createable: z.boolean(),
  updateable: z.boolean(),
  fields: z.array(
    z.object({ name: z.string(), type: z.string(), length: z.number(), updateable: z.boolean() }),
  ),
});
export type Described = z.infer<typeof describeReply>;

const ACTION =
  'Give the user of the bridge the permission set Signal Bridge, in the version of this package; check salesforce.namespace.';

/** Asks for every object the bridge uses what its user may do with it; what is described is what may be seen. */
export async function checkPermissions(rest: Rest, namespace: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const use of USES) {
    const described = await describe(rest, nameIn(namespace, use, use.object));
    const name = `rights ${use.object}`;
    if (described === undefined) {
      const said = `described ${use.object}: the user may not see it, or it is not there; needed for ${use.for}`;
      findings.push(failure(name, said, ACTION));
      continue;
    }
    const lacking = findLacking(described, use, namespace);
    const done =
      use.creates === true ? 'create and write' : use.writes.length > 0 ? 'read and write' : 'read';
    findings.push(
      lacking.length === 0
        ? okay(name, `described ${use.object}: the user may ${done} what is needed`)
        : failure(
            name,
            `described ${use.object}: the user may not ${lacking.join('; ')}; needed for ${use.for}`,
            ACTION,
          ),
    );
  }
  return findings;
}

/** Undefined where the user may not see the object. @throws OrgError where the org does not answer */
export async function describe(rest: Rest, object: string): Promise<Described | undefined> {
  try {
    return await rest.get(`/sobjects/${object}/describe`, describeReply);
  } catch (error) {
    if (error instanceof OrgError && error.failure.kind === 'configuration') return undefined;
    throw error;
  }
}

function findLacking(described: Described, use: ObjectUse, namespace: string): string[] {
  const fields = new Map(described.fields.map((field) => [field.name, field]));
  const fieldOf = (name: string) => fields.get(nameIn(namespace, use, name));
  const unread = [...use.reads, ...use.writes].filter((name) => fieldOf(name) === undefined);
  const unwritten = use.writes.filter((name) => fieldOf(name)?.updateable === false);
  return [
    ...(use.creates === true && !described.createable ? ['create it'] : []),
    ...(use.writes.length > 0 && !described.updateable ? ['edit it'] : []),
    ...(unread.length > 0 ? [`read ${unread.join(', ')}`] : []),
    ...(unwritten.length > 0 ? [`write ${unwritten.join(', ')}`] : []),
  ];
}

const nameIn = (namespace: string, { standard = false }: ObjectUse, name: string): string =>
  standard || namespace === '' ? name : `${namespace}__${name}`;
