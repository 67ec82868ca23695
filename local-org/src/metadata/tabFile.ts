import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { flagOf, parseXml, refuseUnknown, textOf } from './xml.ts';

/** The tab of a custom object. */
export interface ObjectTab {
  readonly object: string;
  /** Of its motif: `custom:custom53`. */
  readonly icon: string;
}

/** Reads a `.tab-meta.xml`; only tabs of custom objects are supported, named like their object. */
export function readTab(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
): ObjectTab {
  const root = parseXml(file, xml, 'CustomTab');
  refuseUnknown(file, root, new Set(['customObject', 'description', 'motif']));
  if (!flagOf(file, root, 'customObject', false))
    throw new Unsupported(file, name, 'a tab that is not of a custom object');
  if (!objects.has(name)) throw new InvalidSource(file, `no object ${name} in this org`);
  // "Custom53: Bell": the number chooses the icon, the word is for people.
  const motif = textOf(file, root, 'motif') ?? '';
  const number = /^Custom(\d+):/.exec(motif)?.[1];
  if (number === undefined) throw new Unsupported(file, '<motif>', `"${motif}"`);
  return { object: name, icon: `custom:custom${number}` };
}
