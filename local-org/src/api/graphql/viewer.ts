import { findObject } from '../../metadata/find.ts';
import type { FieldDef, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { RestParts } from '../rest/context.ts';
import { isPageObject } from '../ui/support.ts';

/** What one user may read; the schema has nothing else. */
export interface Viewer {
  /** In the order of their names. */
  readonly objects: readonly ViewedObject[];
  /** Equal for users who may read the same objects and fields. */
  readonly fingerprint: string;
}

export interface ViewedObject {
  readonly object: ObjectDef;
  readonly fields: readonly FieldDef[];
}

/** The objects and fields that the user may read, as far as pages know them. */
export function viewerOf(
  { metadata, access }: Pick<RestParts, 'metadata' | 'access'>,
  userId: string,
): Viewer {
  const objects = [...metadata.objects.values()]
    .filter((object) => isPageObject(object) && access.may(userId, object.name, 'read'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((object) => ({
      object,
      // Of a Location its latitude and longitude are there; the compound field is not.
      fields: [...object.fields.values()].filter(
        (field) =>
          field.type !== 'Location' && access.mayField(userId, object.name, field.name, 'read'),
      ),
    }));
  const names = objects.map(({ object, fields }) => [object.name, fields.map(({ name }) => name)]);
  return { objects, fingerprint: JSON.stringify(names) };
}

/** The objects that a lookup may point to, as far as the viewer may read them. */
export function targetsOf(
  viewer: Viewer,
  metadata: OrgMetadata,
  lookup: FieldDef,
): readonly ObjectDef[] {
  return (lookup.referenceTo ?? []).flatMap((name) => {
    const target = findObject(metadata, name);
    return viewer.objects.filter(({ object }) => object === target).map(({ object }) => object);
  });
}

/** A lookup that may point to objects of several types, whatever the viewer sees of them. */
export function isPolymorphic(lookup: FieldDef): boolean {
  return (lookup.referenceTo?.length ?? 0) > 1;
}
