import { InvalidSource } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';

/** Reads a `.queue-meta.xml`: its label and the objects whose records it may own. */
export function readQueue(
  file: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
): { readonly label: string; readonly objects: readonly string[] } {
  const root = parseXml(file, xml, 'Queue');
  refuseUnknown(
    file,
    root,
    new Set(['name', 'description', 'doesSendEmailToMembers', 'email', 'queueSobject']),
  );
  const owned = childrenOf(root, 'queueSobject').map((one) =>
    requiredText(file, one, 'sobjectType'),
  );
  for (const object of owned) {
    if (!objects.has(object))
      throw new InvalidSource(file, `queueSobject: no object ${object} in this org`);
  }
  return { label: requiredText(file, root, 'name'), objects: owned };
}
