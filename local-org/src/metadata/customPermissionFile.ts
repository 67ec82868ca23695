import { Unsupported } from './schema.ts';
import { flagOf, parseXml, refuseUnknown, requiredText } from './xml.ts';

/**
 * Reads a `.customPermission-meta.xml`: its label. Refuses what would make it depend on more than
 * permission sets. Source: Metadata API Developer Guide, "CustomPermission".
 */
export function readCustomPermission(file: string, xml: string): { readonly label: string } {
  const root = parseXml(file, xml, 'CustomPermission');
  refuseUnknown(file, root, new Set(['description', 'isLicensed', 'label']));
  if (flagOf(file, root, 'isLicensed', false))
    throw new Unsupported(file, 'isLicensed', 'a permission that needs a licence');
  return { label: requiredText(file, root, 'label') };
}
