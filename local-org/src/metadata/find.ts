import type { FieldDef, ObjectDef, OrgMetadata } from './schema.ts';

/** The object of that API name, in any case, as the platform's APIs accept it. */
export function findObject(metadata: OrgMetadata, name: string): ObjectDef | undefined {
  const exact = metadata.objects.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  return metadata.objects.values().find((object) => object.name.toLowerCase() === lower);
}

/** The field of that API name, in any case. */
export function findField(object: ObjectDef, name: string): FieldDef | undefined {
  const exact = object.fields.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  return object.fields.values().find((field) => field.name.toLowerCase() === lower);
}

/** The lookup that SOQL calls by that relationship name (`Asset__r`, `Account`), in any case. */
export function findParent(object: ObjectDef, relationship: string): FieldDef | undefined {
  const lower = relationship.toLowerCase();
  return object.fields.values().find((field) => field.relationshipName?.toLowerCase() === lower);
}

/** The object whose record ids start with this prefix. */
export function objectOfPrefix(metadata: OrgMetadata, prefix: string): ObjectDef | undefined {
  return metadata.objects.values().find((object) => object.keyPrefix === prefix);
}
