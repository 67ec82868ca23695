import type { Actor, Condition, RecordData, RecordStore } from './records.ts';

type Rows = Pick<RecordStore, 'select'>;

/** The ids of the queues that a user is a member of. */
export function queuesOf(store: Rows, userId: string): string[] {
  return membershipsOf(store, userId).map((row) => String(row['GroupId']));
}

/** The ids of a queue's members. Members are users; groups as members are not modelled. */
export function membersOf(store: Rows, queue: string): string[] {
  return store
    .select({ object: 'GroupMember', where: equal('GroupId', queue) })
    .map((row) => String(row['UserOrGroupId']));
}

/** Makes the user a member of exactly these queues, by their developer names. Unknown names throw. */
export function joinQueues(
  store: RecordStore,
  userId: string,
  queues: readonly string[],
  actor: Actor,
): void {
  const wanted = new Set(queues.map((name) => queueId(store, name)));
  for (const row of membershipsOf(store, userId)) {
    if (!wanted.delete(String(row['GroupId'])))
      must(store.writeDelete('GroupMember', String(row['Id']), actor));
  }
  for (const GroupId of wanted)
    must(store.writeInsert('GroupMember', { GroupId, UserOrGroupId: userId }, actor));
}

function membershipsOf(store: Rows, userId: string): RecordData[] {
  return store.select({ object: 'GroupMember', where: equal('UserOrGroupId', userId) });
}

function queueId(store: Rows, name: string): string {
  const parts = [equal('DeveloperName', name), equal('Type', 'Queue')];
  const id = store.select({ object: 'Group', where: { kind: 'and', parts } })[0]?.['Id'];
  if (typeof id !== 'string') throw new Error(`there is no queue ${name} in this org`);
  return id;
}

function equal(field: string, value: string): Condition {
  return { kind: 'compare', field, op: '=', value };
}

function must(outcome: ReturnType<RecordStore['writeInsert']>): void {
  if (!outcome.ok) throw new Error(outcome.errors.map(({ message }) => message).join('; '));
}
