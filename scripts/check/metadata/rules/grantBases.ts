import type { Rule } from '../rule.ts';
import { childrenOf, textOf, type XmlElement } from '../xml.ts';

/*
 * What a right on an object builds on in the same permission set. Deployments say so one by one: "Permission Read
 * Account depends on permission(s): Read Contact" (github.com trailheadapps/apex-recipes issue 22, an org in which
 * people are accounts), "Read Vehicle depends on Read Asset" and what stands behind it. Assets and Cases belong to
 * accounts and contacts; that an org without people as accounts asks for all of it is not documented, and granting it
 * is never refused.
 */
const BASES: Readonly<Record<string, readonly string[]>> = {
  Account: ['Contact'],
  Asset: ['Account', 'Contact'],
  Case: ['Account', 'Contact'],
  Contact: ['Account'],
};

/* "Read All … depends on … Read All …", "Modify All … depends on … Delete", "Delete … depends on Edit …": the same. */
const RIGHTS: readonly (readonly [right: string, bases: readonly string[]])[] = [
  ['allowCreate', ['allowRead']],
  ['allowEdit', ['allowRead']],
  ['allowDelete', ['allowEdit']],
  ['viewAllRecords', ['allowRead']],
  ['modifyAllRecords', ['allowDelete', 'viewAllRecords']],
];

/** A permission set grants what each of its rights builds on; an org refuses it otherwise. */
export const grantBases: Rule = function* ({ type, root }) {
  if (type !== 'PermissionSet') return;
  const grants = new Map(
    childrenOf(root, 'objectPermissions').map((grant) => [textOf(grant, 'object'), grant]),
  );
  for (const [object, grant] of grants) {
    for (const [right, bases] of RIGHTS) {
      const missing = has(grant, right) ? bases.find((base) => !has(grant, base)) : undefined;
      if (missing !== undefined) {
        yield { line: grant.line, text: `${object}: ${right} needs ${missing}` };
      }
    }
    for (const right of ['allowRead', 'viewAllRecords']) {
      if (!has(grant, right)) continue;
      const missing = BASES[object]?.find((base) => !has(grants.get(base), right));
      if (missing !== undefined) {
        yield { line: grant.line, text: `${object}: ${right} needs ${right} of ${missing}` };
      }
    }
  }
};

function has(grant: XmlElement | undefined, right: string): boolean {
  return grant !== undefined && textOf(grant, right) === 'true';
}
