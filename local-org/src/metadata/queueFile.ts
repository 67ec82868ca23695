import { InvalidSource } from './schema.ts';
import type { ObjectDef, OrgMetadata } from './schema.ts';
import { childrenOf, flagOf, parseXml, refuseUnknown, requiredText, textOf } from './xml.ts';

type QueueDef = OrgMetadata['queues'] extends ReadonlyMap<string, infer Queue> ? Queue : never;

/**
 * Reads a `.queue-meta.xml`: its label, its email and the objects whose records it may own. Members
 * come from the setup file: those of a queue's source are refused.
 */
export function readQueue(
  file: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
): QueueDef {
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
  return {
    label: requiredText(file, root, 'name'),
    objects: owned,
    email: textOf(file, root, 'email'),
    emailsMembers: flagOf(file, root, 'doesSendEmailToMembers', false),
  };
}
