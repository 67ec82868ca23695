import { InvalidSource, Unsupported } from './schema.ts';
import type { PermissionSetGroupDef } from './schema.ts';
import { childrenOf, flagOf, parseXml, refuseUnknown, requiredText, textOf } from './xml.ts';

const known = new Set([
  'description',
  'hasActivationRequired',
  'label',
  'permissionSets',
  'status',
]);

/**
 * Reads a `.permissionsetgroup-meta.xml` against the permission sets of the org. Muting is refused, as
 * are groups that need an activated session. Source: Metadata API Developer Guide, "PermissionSetGroup".
 */
export function readPermissionSetGroup(
  file: string,
  name: string,
  xml: string,
  sets: ReadonlyMap<string, unknown>,
): PermissionSetGroupDef {
  const root = parseXml(file, xml, 'PermissionSetGroup');
  refuseUnknown(file, root, known);
  if (flagOf(file, root, 'hasActivationRequired', false))
    throw new Unsupported(file, 'hasActivationRequired', 'a group that needs an activated session');
  const permissionSets = childrenOf(root, 'permissionSets').map((one) => one.text.trim());
  const missing = permissionSets.find((set) => !sets.has(set));
  if (missing !== undefined)
    throw new InvalidSource(file, `permissionSets: no permission set ${missing} in this org`);
  if (new Set(permissionSets).size < permissionSets.length)
    throw new InvalidSource(file, 'permissionSets: a permission set is named twice');
  return {
    name,
    label: requiredText(file, root, 'label'),
    description: textOf(file, root, 'description'),
    permissionSets,
  };
}
