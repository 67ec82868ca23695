import type { MetadataFile } from './file.ts';
import { EVENT_FIELDS, STANDARD_OBJECTS, SYSTEM_FIELDS } from './standardFields.ts';
import { textOf } from './xml.ts';

/** Objects with their fields, and the flows: what one file may name of the others. */
export interface Org {
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly flows: ReadonlySet<string>;
}

/** All that the files bring, on top of the standard objects that are known. */
export function readOrg(files: readonly MetadataFile[]): Org {
  const objects = new Map<string, Map<string, string>>();
  for (const [object, fields] of Object.entries(STANDARD_OBJECTS)) {
    objects.set(object, new Map([...Object.entries(SYSTEM_FIELDS), ...Object.entries(fields)]));
  }
  for (const { type, name } of files) {
    if (type !== 'CustomObject' || objects.has(name)) continue;
    const own = name.endsWith('__e') ? EVENT_FIELDS : SYSTEM_FIELDS;
    objects.set(name, new Map(Object.entries(own)));
  }
  for (const { type, name, object, root } of files) {
    if (type === 'CustomField' && object !== undefined) {
      objects.get(object)?.set(name, textOf(root, 'referenceTo'));
    }
  }
  const flows = files.filter(({ type }) => type === 'Flow').map(({ name }) => name);
  return { objects, flows: new Set(flows) };
}

/**
 * What is wrong with a way of fields from an object, e.g. `Asset__r.AccountId` from Asset_Signal__c; undefined when
 * nothing is, or when it leads through a lookup to more than one object.
 */
export function judgeFieldPath(org: Org, object: string, path: string): string | undefined {
  const fields = org.objects.get(object);
  if (fields === undefined) return `object ${object} is not in force-app, nor a known standard one`;
  const [step = '', ...rest] = path.split('.');
  if (rest.length === 0) return fields.has(step) ? undefined : `${object} has no field ${step}`;
  const lookup = step.endsWith('__r') ? step.replace(/__r$/, '__c') : `${step}Id`;
  const next = fields.get(lookup);
  if (next === undefined || next === '') return `${object} has no lookup behind ${step}`;
  return next.includes(' ') ? undefined : judgeFieldPath(org, next, rest.join('.'));
}
