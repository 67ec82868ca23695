import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok } from '../../model/result.ts';
import type { Notice, Notices } from '../../ports/notices.ts';
import type { OrgFailure } from '../../ports/publisher.ts';

/** Notices of an org in the same process, for tests: keeps the same promises. */
export interface MemoryNotices extends Notices {
  publish(notice: Notice): void;
  /** Set to have the subscription broken, and refused as long as it is set. */
  failure: OrgFailure | undefined;
  /** The org forgets everything published so far, and where subscriptions ended. */
  forget(): void;
}

/** Notices handed over at once, as one FetchResponse of the Pub/Sub API may carry. */
const BATCH = 100;

export function makeMemoryNotices(): MemoryNotices {
  let published: Notice[] = [];
  let place: number | undefined;
  let isLost = false;
  return {
    failure: undefined,
    publish: (notice) => void published.push(notice),
    forget() {
      isLost = place !== undefined;
      place = undefined;
      published = [];
    },
    async listen(handler, signal) {
      if (this.failure !== undefined) return err(this.failure);
      if (isLost) handler.trouble({ kind: 'lost-place', reason: 'The org has forgotten it.' });
      isLost = false;
      handler.listening(place === undefined);
      place ??= published.length;
      while (!signal.aborted) {
        if (this.failure !== undefined) return err(this.failure);
        const notices = published.slice(place, place + BATCH);
        if (notices.length > 0) await handler.take(notices);
        place += notices.length;
        await sleep(1);
      }
      return ok(undefined);
    },
  };
}
