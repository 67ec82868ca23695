import { historyObject } from '../metadata/historyObject.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { testMetadata } from './testOrg.ts';

const tracked = ['Amount__c', 'Notes__c', 'Parent__c', 'On__c'];

/** For tests: the metadata of the test org, where `Thing__c` keeps the history of some fields. */
export const historyMetadata: OrgMetadata = { ...testMetadata, objects: withHistory() };

function withHistory(): Map<string, ObjectDef> {
  const objects = new Map(testMetadata.objects);
  const thing = objects.get('Thing__c');
  if (thing === undefined) throw new Error('the test org has no Thing__c');
  const fields = [...thing.fields.values()].map((field) =>
    tracked.includes(field.name) ? { ...field, tracked: true } : field,
  );
  const kept: ObjectDef = {
    ...thing,
    keepsHistory: true,
    fields: new Map(fields.map((field) => [field.name, field])),
  };
  const history = historyObject(kept);
  return objects.set(kept.name, kept).set(history.name, history);
}
