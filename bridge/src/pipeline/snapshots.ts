import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../core/engine.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs, LogPosition } from '../model/brand.ts';
import type { Attic } from '../ports/attic.ts';
import type { Clock } from '../ports/clock.ts';
import type { OldStates, StateDraft, StateStore } from '../ports/stateStore.ts';
import type { Logger } from '../ports/telemetry.ts';

export interface SnapshotsOptions {
  readonly store: StateStore;
  readonly engine: Pick<Engine, 'image' | 'restore'>;
  /** What a bridge of another time left; taken over where the store has nothing. */
  readonly old?: OldStates | undefined;
  /** Devices that are on disk and not in memory; follows the states that are kept. */
  readonly attic?: Attic | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The least time between two snapshots; `LEAST_MS` unless a test cannot wait. */
  readonly leastMs?: number;
}

/** What the state of the engine belongs to. */
export interface Standing {
  readonly cursor: LogPosition;
  readonly listenedAt: EpochMs;
}

/** The last snapshot that was kept. */
export interface SnapshotStatus {
  readonly seconds: number;
  readonly bytes: number;
}

/** Keeps the state of the engine on disk, so that a start reads only the end of the log again. */
export interface Snapshots {
  /** At start: brings the newest state into the empty engine; `undefined` where there is none. */
  restore(): Promise<Standing | undefined>;
  /** It is time for one, at this position. */
  isDue(cursor: LogPosition): boolean;
  /**
   * To be called between two batches, once all signals up to the cursor are recorded: begins a snapshot of
   * this moment and returns; writing goes on beside detection. Nothing where one is under way.
   */
  begin(standing: Standing): void;
  /** At a stop: a last snapshot. Given up where it takes longer than `mostMs`. */
  finish(standing: Standing, mostMs?: number): Promise<void>;
  status(): SnapshotStatus | undefined;
}

/** A crash makes that much of the log be judged again, which takes a fraction of it. */
const LEAST_MS = 10_000;
/** A snapshot is followed by 19 times the time it took: 5 % of the time at most. */
const SHARE = 20;
/** Written every ten seconds whatever happens: 400 KB a second, which no disk minds. */
const SMALL_BYTES = 4_000_000;
/** Entries whose judging again is not worth a larger snapshot: 10,000 take 0.1 s. */
const FEW_ENTRIES = 10_000;
/** But even where little happens the log must be able to let go: after so many times the least time. */
const LITTLE = 30;
/** What deliveries have to be left of the time of a stop. */
const FINISH_MS = 3_000;
/** Pieces to a step, of 16 KB mostly: about half a millisecond. */
const STEP = 32;

export function makeSnapshots(options: SnapshotsOptions): Snapshots {
  const { store, engine, old, attic, clock, logger, leastMs = LEAST_MS } = options;
  const { image } = engine;
  const parts = Object.entries(image.parts);
  const partNames = parts.map(([name]) => name);
  let kept: LogPosition | undefined;
  let begunAt = clock();
  let notBefore = toEpochMs(begunAt + leastMs);
  let underWay: Promise<void> | undefined;
  let isRefused = false;
  let isGivenUp = false;
  let status: SnapshotStatus | undefined;

  /** What is imaged at this moment goes into the draft piece by piece, changed pieces first. */
  function begin({ cursor, listenedAt }: Standing): void {
    if (underWay !== undefined) return;
    begunAt = clock();
    const draft = store.begin({ cursor, listenedAt, parts: partNames, words: image.words() });
    attic?.stage(draft.sequence);
    for (const [name, part] of parts) {
      part.freeze((index, bytes) => draft.put(name, index, bytes));
    }
    underWay = write(draft, cursor).finally(() => {
      for (const [, part] of parts) part.thaw();
      underWay = undefined;
      const took = clock() - begunAt;
      notBefore = toEpochMs(begunAt + Math.max(leastMs, SHARE * took));
    });
  }

  async function write(draft: StateDraft, cursor: LogPosition): Promise<void> {
    for (const [, part] of parts) {
      while (!isGivenUp && part.drain(STEP)) {
        await draft.room();
        await nextTurn();
      }
    }
    if (isGivenUp) {
      await draft.discard();
      return;
    }
    const put = await attic?.write();
    if (put?.ok === false) await draft.discard();
    const result = put?.ok === false ? put : await draft.commit();
    if (result.ok) {
      kept = cursor;
      status = { seconds: (clock() - begunAt) / 1_000, bytes: result.value };
      old?.forget();
      await attic?.prune(store.oldest()?.sequence ?? 0);
      if (isRefused) logger.info({ stage: 'state' }, 'the state of detection is kept again');
    } else if (!isRefused) {
      logger.error({ stage: 'state', kind: result.error.kind }, result.error.reason);
    }
    isRefused = !result.ok;
  }

  function takeOver(): Standing | undefined {
    const found = old?.load();
    if (found === undefined) return undefined;
    for (const [device, state] of found.states) engine.restore(device, state);
    return { cursor: found.cursor, listenedAt: found.listenedAt ?? clock() };
  }

  return {
    async restore() {
      const state = await store.restore((name, index, bytes) => {
        const part = parts.find(([known]) => known === name)?.[1];
        if (part === undefined) throw new Error(`the saved state has an unknown part "${name}"`);
        part.load(index, bytes);
      });
      attic?.restore(state?.sequence);
      if (state === undefined) return takeOver();
      for (const [, part] of parts) part.loaded();
      image.restore(state.words);
      kept = state.cursor;
      return { cursor: state.cursor, listenedAt: state.listenedAt };
    },
    isDue(cursor) {
      const now = clock();
      if (underWay !== undefined || now < notBefore || cursor === kept) return false;
      const isWorthIt = cursor - (kept ?? 0) >= FEW_ENTRIES || (status?.bytes ?? 0) <= SMALL_BYTES;
      return isWorthIt || now >= begunAt + LITTLE * leastMs;
    },
    begin,
    async finish(standing, mostMs = FINISH_MS) {
      const late = sleep(mostMs, 'late', { ref: false });
      const whole = async (): Promise<void> => {
        await underWay;
        if (!isGivenUp && standing.cursor !== kept) begin(standing);
        await underWay;
      };
      if ((await Promise.race([whole(), late])) === 'late') isGivenUp = true;
      await underWay;
    },
    status: () => status,
  };
}
