import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBlocks } from '../core/state/blocks.ts';
import { makeColumn } from '../core/state/column.ts';
import type { EngineImage } from '../core/state/engineImage.ts';
import { makeKeyTable } from '../core/state/keyTable.ts';
import { makeMemoryStateStore } from '../edge/state/memoryStateStore.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { StateStore } from '../ports/stateStore.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { makeSnapshots } from './snapshots.ts';
import type { Standing } from './snapshots.ts';

const WIDTH = 20;

/** Stands in for the engine: devices with a block each, whose first number says how often they were heard. */
function makeState() {
  const keys = makeKeyTable();
  const places = makeColumn();
  const blocks = makeBlocks();
  let restoredWords: string | undefined;
  const image: EngineImage = {
    parts: { keys, places, blocks },
    words: () => `${keys.size()} devices`,
    restore(words) {
      restoredWords = words;
    },
  };
  return {
    image,
    words: () => restoredWords,
    hear(from: number, to: number): void {
      for (let device = from; device < to; device += 1) {
        let index = keys.find(`d-${device}`);
        if (index < 0) {
          index = keys.add(`d-${device}`);
          places.set(index, blocks.take(WIDTH));
        }
        const place = places.get(index);
        blocks.touch(place);
        const page = blocks.page(place);
        const at = blocks.offset(place);
        page[at] = (page[at] as number) + 1;
      }
    },
    heard: (device: number): number => {
      const index = keys.find(`d-${device}`);
      const place = index < 0 ? 0 : places.get(index);
      return place === 0 ? 0 : (blocks.page(place)[blocks.offset(place)] as number);
    },
  };
}

function setUp(state = makeState(), store = makeMemoryStateStore()) {
  const time = { now: 0 };
  const logger = makeTestLogger();
  const clock = () => toEpochMs(time.now);
  const make = (at: StateStore = store, image = state.image) => {
    const engine = { image, restore: () => assert.fail('there is nothing of another time') };
    const snapshots = makeSnapshots({ store: at, engine, clock, logger });
    return {
      ...snapshots,
      offer(moment: Standing): void {
        if (snapshots.isDue(moment.cursor)) snapshots.begin(moment);
      },
    };
  };
  return { state, store, time, logger, make };
}

const standing = (cursor: number) => ({
  cursor: toLogPosition(cursor),
  listenedAt: toEpochMs(cursor * 2),
});
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Lets others work until it is so, and once more; not for ever. */
const turns = async (until: () => boolean): Promise<void> => {
  for (let count = 0; count < 2_000 && !until(); count += 1) await turn();
  await turn();
};

test('a snapshot is of the moment it began, whatever is heard while it is written', async () => {
  const { state, store, time, make } = setUp();
  const snapshots = make();
  state.hear(0, 30_000);
  time.now = 10_000;
  snapshots.offer(standing(30_000));
  state.hear(10_000, 40_000);
  await turns(() => {
    state.hear(0, 50);
    return store.newest() !== undefined;
  });

  const again = makeState();
  assert.deepEqual(await make(store, again.image).restore(), standing(30_000));
  assert.equal(again.words(), '30000 devices');
  for (let device = 0; device < 40_000; device += 1) {
    assert.equal(again.heard(device), device < 30_000 ? 1 : 0);
  }
  assert.ok((snapshots.status()?.bytes ?? 0) > 30_000 * WIDTH * 8);
});

test('without a state there is nothing to restore', async () => {
  const { state, make } = setUp();
  assert.equal(await make().restore(), undefined);
  assert.equal(state.words(), undefined);
});

test('a snapshot begins when it is time and something has happened', async () => {
  const { state, store, time, make } = setUp();
  const snapshots = make();
  state.hear(0, 40_000);
  const offered = async (now: number, cursor: number): Promise<number> => {
    time.now = now;
    snapshots.offer(standing(cursor));
    await turns(() => store.newest()?.cursor === cursor);
    return Number(store.newest()?.cursor ?? 0);
  };
  assert.equal(await offered(9_999, 20_000), 0);
  assert.equal(await offered(10_000, 20_000), 20_000);
  // Little has happened since.
  assert.equal(await offered(30_000, 20_005), 20_000);
  assert.equal(await offered(309_999, 20_005), 20_000);
  assert.equal(await offered(310_000, 20_005), 20_005);
  assert.equal(await offered(900_000, 20_005), 20_005);
  assert.equal(await offered(900_001, 60_000), 60_000);
});

test('a small state is kept whenever it is time', async () => {
  const { state, store, time, make } = setUp();
  const snapshots = make();
  state.hear(0, 10);
  for (const round of [1, 2, 3]) {
    time.now = round * 10_000;
    snapshots.offer(standing(round));
    await turns(() => store.newest()?.cursor === round);
    assert.equal(store.newest()?.cursor, round);
    snapshots.offer(standing(round + 1));
    assert.equal(store.newest()?.cursor, round);
  }
});

test('a snapshot that took long is followed by a long time without one', async () => {
  const { state, store, time, make } = setUp();
  const snapshots = make({
    ...store,
    begin(head) {
      const draft = store.begin(head);
      return {
        ...draft,
        commit: () => {
          time.now += 4_000;
          return draft.commit();
        },
      };
    },
  });
  state.hear(0, 10);
  time.now = 10_000;
  snapshots.offer(standing(20_000));
  await turns(() => store.newest()?.cursor === 20_000);
  time.now = 89_999;
  snapshots.offer(standing(90_000));
  await turns(() => store.newest()?.cursor === 90_000);
  assert.equal(store.newest()?.cursor, 20_000);
  time.now = 90_000;
  snapshots.offer(standing(90_000));
  await turns(() => store.newest()?.cursor === 90_000);
  assert.equal(store.newest()?.cursor, 90_000);
});

test('a disk that refuses is one line in the log, and tried again', async () => {
  const { state, store, time, logger, make } = setUp();
  const snapshots = make();
  store.refuse = { kind: 'full', reason: 'no space left' };
  for (const round of [1, 2, 3]) {
    state.hear(0, 10);
    time.now = round * 10_000;
    snapshots.offer(standing(round * 10_000));
    await turns(() => false);
  }
  assert.deepEqual(logger.lines, ['error no space left']);
  store.refuse = undefined;
  time.now = 40_000;
  snapshots.offer(standing(40_000));
  await turns(() => store.newest() !== undefined);
  assert.equal(store.newest()?.cursor, 40_000);
  assert.deepEqual(logger.lines.slice(1), ['info the state of detection is kept again']);
});

test('a stop takes a last snapshot, after the one under way', async () => {
  const { state, store, time, make } = setUp();
  const snapshots = make();
  state.hear(0, 5_000);
  time.now = 10_000;
  snapshots.offer(standing(10_000));
  state.hear(0, 5_000);
  await snapshots.finish(standing(10_001));
  assert.equal(store.newest()?.cursor, 10_001);
  const again = makeState();
  await make(store, again.image).restore();
  assert.equal(again.heard(4_999), 2);
  await snapshots.finish(standing(10_001));
  assert.equal(store.newest()?.sequence, 2, 'nothing has happened since');
});

test('a last snapshot that takes too long is given up, and the one before stays', async () => {
  const { state, store, make } = setUp();
  const slow: StateStore = {
    ...store,
    begin(head) {
      const draft = store.begin(head);
      return { ...draft, room: () => new Promise((resolve) => setTimeout(resolve, 20)) };
    },
  };
  state.hear(0, 60_000);
  const snapshots = make(slow);
  await snapshots.finish(standing(10), 50);
  assert.equal(store.newest(), undefined);
  state.hear(0, 10);
});
