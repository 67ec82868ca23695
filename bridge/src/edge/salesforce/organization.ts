import { z } from 'zod';
import type { FoundOrg } from '../../model/environment.ts';
import { OrgError } from './orgError.ts';
import type { Rest } from './rest.ts';
import type { Session } from './token.ts';

const reply = z.object({ records: z.array(z.object({ IsSandbox: z.boolean() })) });

/**
 * What the org says of itself, one API call. An org that will not tell this user whether it is a sandbox is known by
 * its id all the same.
 * @throws OrgError where it cannot be asked now
 */
export async function readOrganization(rest: Rest, session: Session): Promise<FoundOrg> {
  const { organizationId } = session;
  try {
    const { records } = await rest.query('SELECT IsSandbox FROM Organization LIMIT 1', reply);
    const [row] = records;
    return row === undefined ? { organizationId } : { organizationId, isSandbox: row.IsSandbox };
  } catch (error) {
    if (error instanceof OrgError && error.failure.kind === 'configuration')
      return { organizationId };
    throw error;
  }
}
