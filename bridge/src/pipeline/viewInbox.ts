import type { Wakeup } from './wakeup.ts';

/**
 * What the views stage was asked to do since it last looked: answer these views, look for live
 * ones. In memory only: whatever is asked for here, the query for live views finds after a restart.
 */
export interface ViewInbox {
  want(viewIds: readonly string[]): void;
  /** Notices may have been missed. */
  lookAround(): void;
  readonly wanted: ReadonlySet<string>;
  shouldLookAround(): boolean;
  /** Empties both; what could not be done is asked for again. */
  takeAll(): { readonly wanted: readonly string[]; readonly look: boolean };
}

export function makeViewInbox(arrived: Wakeup): ViewInbox {
  const wanted = new Set<string>();
  let look = false;
  return {
    wanted,
    shouldLookAround: () => look,
    want(viewIds) {
      for (const id of viewIds) wanted.add(id);
      if (viewIds.length > 0) arrived.notify();
    },
    lookAround() {
      look = true;
      arrived.notify();
    },
    takeAll() {
      const taken = { wanted: [...wanted], look };
      wanted.clear();
      look = false;
      return taken;
    },
  };
}
