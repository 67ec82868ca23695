import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quiet } from '../episode/episode.ts';
import type { EpisodeState } from '../episode/episode.ts';
import { makeRandom } from '../fixtures/random.ts';
import { EPISODES, HEADER } from '../layout/layout.ts';
import { makeBlocks } from './blocks.ts';
import { makeEpisodes } from './episodes.ts';

function stateOf(start: number): EpisodeState {
  return { ...quiet, start, sequence: start % 5, pendingSince: start + 1, returns: start % 3 };
}

test('every lane of every device has its own episode, in whatever order they come and go', () => {
  const random = makeRandom(4);
  const blocks = makeBlocks();
  const episodes = makeEpisodes(blocks);
  const makeDevice = () => ({
    place: blocks.take(HEADER),
    lanes: new Map<number, EpisodeState>(),
  });
  const devices = Array.from({ length: 5 }, makeDevice);
  for (let step = 0; step < 20_000; step += 1) {
    const { place, lanes } = devices[random.below(5)] ?? makeDevice();
    if (random.below(4) === 0) episodes.enter(place);
    else {
      episodes.enter(place);
      const first = random.below(30);
      for (let lane = first; lane < 30; lane += 1 + random.below(9)) {
        const state = random.below(3) > 0 ? stateOf(random.below(1e6)) : quiet;
        episodes.put(lane, state);
        if (state === quiet) lanes.delete(lane);
        else lanes.set(lane, state);
        const other = random.below(30);
        assert.deepEqual(episodes.get(other), lanes.get(other) ?? quiet);
      }
    }
    const inOrder = [...lanes].toSorted(([one], [other]) => one - other);
    const expected = inOrder.map(([lane, state]) => ({ lane, state }));
    assert.deepEqual(episodes.list(), expected);
    const head = blocks.page(place)[blocks.offset(place) + EPISODES];
    assert.equal(head === 0, lanes.size === 0);
  }
});

test('an episode that is neither pending nor alive takes no room', () => {
  const blocks = makeBlocks();
  const episodes = makeEpisodes(blocks);
  episodes.enter(blocks.take(HEADER));
  const fill = (state: EpisodeState) => {
    for (let lane = 0; lane < 50_000; lane += 1) episodes.put(lane, state);
  };
  fill(stateOf(7));
  const bytes = blocks.bytes();
  fill(quiet);
  assert.deepEqual(episodes.list(), []);
  fill(stateOf(8));
  assert.equal(blocks.bytes(), bytes);
});
