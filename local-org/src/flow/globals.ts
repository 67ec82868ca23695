import { orgGlobal } from './orgGlobals.ts';
import type { Binder } from './binder.ts';
import type { Start } from './model.ts';
import type { Accessor } from './runtime.ts';
import type { ScalarType } from './values.ts';

function scalar(type: ScalarType, get: Accessor['get']): Accessor {
  return { type: { kind: 'scalar', type }, get };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Global values by their whole name. `$Record` and `$Record__Prior` are separate: they have fields. */
export const GLOBALS: Readonly<Record<string, Accessor>> = {
  '$Flow.FaultMessage': scalar('text', (interview) => interview.faultMessage),
  '$Flow.CurrentDateTime': scalar('datetime', (interview) => iso(interview.context.clock.now())),
  '$Flow.CurrentDate': scalar('date', (interview) =>
    iso(interview.context.clock.now()).slice(0, 10),
  ),
  '$Flow.InterviewGuid': scalar('text', (interview) => interview.id),
  '$Flow.InterviewStartTime': scalar('datetime', (interview) => iso(interview.startedAt)),
  '$Flow.CurrentRecord': scalar(
    'text',
    (interview) => interview.trigger?.record.fields['Id'] ?? null,
  ),
  '$GlobalConstant.EmptyString': scalar('text', () => ''),
  '$GlobalConstant.True': scalar('boolean', () => true),
  '$GlobalConstant.False': scalar('boolean', () => false),
};

/** A global value, or undefined when the name is not a global one. */
export function globalAccessor(
  binder: Binder,
  element: string,
  path: string,
): Accessor | undefined {
  if (!path.startsWith('$')) return undefined;
  const known = Object.hasOwn(GLOBALS, path) ? GLOBALS[path] : undefined;
  if (known !== undefined) return known;
  const [head = '', ...rest] = path.split('.');
  if (head === '$Record' || head === '$Record__Prior')
    return recordAccessor(binder, element, path, head, rest);
  const ofOrg = orgGlobal(binder.metadata, path);
  if (ofOrg === undefined) return binder.unsupported(element, `the global value ${path}`);
  if (typeof ofOrg === 'string') return binder.fail(element, ofOrg);
  return scalar(ofOrg.type, ({ actor, context: { store } }) =>
    ofOrg.evaluate({ userId: actor.userId, read: store.read, select: store.select }),
  );
}

/** An event has happened, and a record that is about to go is not saved again. */
function isFixed(start: Start): boolean {
  return start.kind === 'event' || (start.kind === 'record' && start.timing === 'delete');
}

function recordAccessor(
  binder: Binder,
  element: string,
  path: string,
  head: '$Record' | '$Record__Prior',
  rest: readonly string[],
): Accessor {
  const { start } = binder.flow;
  if (start.kind === 'none')
    return binder.fail(element, `${path}: a flow without a trigger has no ${head}`);
  const object = start.kind === 'event' ? start.object : start.selection?.object;
  if (object === undefined)
    return binder.fail(element, `${path}: a scheduled flow without an object has no ${head}`);
  const type = { kind: 'record', object } as const;
  if (head === '$Record') {
    const root: Accessor = {
      type,
      get: (interview) => interview.trigger?.record ?? null,
      // The record is always there, so only its fields are ever set.
      set: isFixed(start) ? undefined : () => undefined,
    };
    return rest.length === 0
      ? { ...root, set: undefined }
      : binder.field(element, root, path, rest);
  }
  if (start.kind !== 'record' || start.on === 'Create' || start.on === 'Delete') {
    return binder.fail(element, `${path}: only a flow that runs on updates has a prior record`);
  }
  const root: Accessor = { type, get: (interview) => interview.trigger?.prior ?? null };
  return rest.length === 0 ? root : binder.field(element, root, path, rest);
}
