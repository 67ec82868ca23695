import { findObject } from '../metadata/find.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { Condition, RecordData, RecordStore } from '../store/records.ts';

/** Which rows of an object a user sees: all, those they own, or none. */
export type Seen = 'all' | 'own' | 'none';

/**
 * Who sees a task: its owner (by `owners`, the ids under which a user owns), and who may read the record or the contact it is related to ("Private":
 * "users with read access to the record to which the activity is associated can view and report on
 * the activity", Salesforce help, "Organization-Wide Sharing Defaults", the default for activities).
 */
export function tasksSeen(
  metadata: OrgMetadata,
  task: ObjectDef,
  owners: readonly string[],
  sees: (target: ObjectDef) => Seen,
): Condition {
  const isOwn = (field: string): Condition => ({
    kind: 'in',
    field,
    values: owners,
    negated: false,
  });
  const parts: Condition[] = [isOwn('OwnerId')];
  for (const [lookup, parent] of RELATIONS) {
    for (const target of targetsOf(metadata, task, lookup)) {
      const seen = sees(target);
      if (seen === 'none') continue;
      const own = isOwn(`${parent}.OwnerId`);
      const isOfTarget = idsOf(lookup, target);
      parts.push({ kind: 'and', parts: seen === 'all' ? isOfTarget : [...isOfTarget, own] });
    }
  }
  return { kind: 'or', parts };
}

/** Whether the user sees this task, by the rule of `tasksSeen`. */
export function seesTask(
  metadata: OrgMetadata,
  row: RecordData,
  owns: (row: RecordData) => boolean,
  sees: (target: ObjectDef) => Seen,
  read: RecordStore['read'],
): boolean {
  const task = findObject(metadata, 'Task');
  if (owns(row)) return true;
  if (task === undefined) return false;
  return RELATIONS.some(([lookup]) => {
    const id = row[lookup];
    if (typeof id !== 'string') return false;
    const target = targetsOf(metadata, task, lookup).find(({ keyPrefix }) =>
      id.startsWith(keyPrefix),
    );
    if (target === undefined) return false;
    const seen = sees(target);
    return seen === 'all' || (seen === 'own' && owns(read(target.name, id) ?? {}));
  });
}

const RELATIONS = [
  ['WhatId', 'What'],
  ['WhoId', 'Who'],
] as const;

function targetsOf(metadata: OrgMetadata, task: ObjectDef, lookup: string): ObjectDef[] {
  return (task.fields.get(lookup)?.referenceTo ?? [])
    .map((name) => findObject(metadata, name))
    .filter((object) => object !== undefined);
}

/** Ids sort by their bytes, and everything in an id sorts before the last character here. */
function idsOf(lookup: string, { keyPrefix }: ObjectDef): Condition[] {
  return [
    { kind: 'compare', field: lookup, op: '>=', value: keyPrefix },
    { kind: 'compare', field: lookup, op: '<', value: `${keyPrefix}\u007F` },
  ];
}
