import type { Config } from '../config/load.ts';
import { makeOrgPolicies } from '../edge/salesforce/orgPolicies.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import { failure, okay, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** The policies of the file, which were read with it, and those of the org. */
export async function checkPolicies(
  rest: Rest,
  { policies, salesforce: { namespace } }: Config,
): Promise<Finding> {
  const name = 'policies';
  const inFile = `${policies.length} in the file are in order`;
  const read = await makeOrgPolicies({ rest, namespace }).read();
  if (!read.ok)
    return failure(name, `${inFile}; those of the org: ${read.error.reason}`, read.error.action);
  const good = read.value.filter(({ kind }) => kind === 'good').length;
  const bad = read.value.flatMap((one) =>
    one.kind === 'bad' ? [`${one.key}: ${one.problem}`] : [],
  );
  const idle = read.value.filter(({ kind }) => kind === 'idle').length;
  const routing = idle === 0 ? '' : `; ${idle} have no detector and only say what the org does`;
  const said = `${inFile}; of ${read.value.length} in the org the bridge can go by ${good}${routing}`;
  if (bad.length === 0) return okay(name, said);
  const action =
    'Correct these records of Signal Policy; until then their last good version stays in force.';
  return warning(name, `${said}, and not by ${bad.join('; ')}`, action);
}
