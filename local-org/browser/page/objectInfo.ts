import { callOrg } from '../data/fetchResponse.ts';

/** What the page needs of a field's description in the UI API. */
export interface FieldInfo {
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  /** `Account` of `AccountId`; null for other fields. */
  readonly relationshipName: string | null;
  /** Objects it may point to, and the fields that name them. */
  readonly referenceToInfos: readonly {
    readonly apiName: string;
    readonly nameFields: readonly string[];
  }[];
}

/** An object as the viewer may see it. */
export interface ObjectInfo {
  readonly apiName: string;
  /** Only fields that the viewer may read. */
  readonly fields: Readonly<Record<string, FieldInfo>>;
}

const asked = new Map<string, Promise<ObjectInfo>>();

/** Reads an object's info once a page; rejects when the viewer may not read the object. */
export function objectInfo(object: string): Promise<ObjectInfo> {
  const known = asked.get(object);
  if (known !== undefined) return known;
  const answer = callOrg('GET', `/ui-api/object-info/${object}`).then((body) => body as ObjectInfo);
  asked.set(object, answer);
  return answer;
}

/** The fields of that name that the viewer may read, in the given order. */
export function readable(info: ObjectInfo, names: readonly string[]): readonly FieldInfo[] {
  return names.map((name) => info.fields[name]).filter((field) => field !== undefined);
}

/** The path to the name of the record behind a lookup (`Account.Name`), or undefined. */
export function parentPath(field: FieldInfo): string | undefined {
  const names = field.referenceToInfos[0]?.nameFields ?? [];
  if (field.relationshipName === null || names.length === 0) return undefined;
  // A person's name has parts and is also one field; so do Groups and Users have it, who may both own.
  const isOne = field.referenceToInfos.length === 1 && names.length === 1;
  return `${field.relationshipName}.${isOne ? (names[0] ?? 'Name') : 'Name'}`;
}

/** What pages call a field: a lookup's label without the "ID" that only the API says. */
export function labelOf({ label, dataType }: FieldInfo): string {
  return dataType === 'Reference' ? label.replace(/ ID$/, '') : label;
}
