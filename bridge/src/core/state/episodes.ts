import { quiet } from '../episode/episode.ts';
import type { EpisodeState } from '../episode/episode.ts';
import { EPISODES } from '../layout/layout.ts';
import type { Blocks } from './blocks.ts';

/* An episode is a block of its own, and those of a device a list in the order of their lanes. */
const LANE = 0;
/** Place of the next one, 0 at the last. */
const NEXT = 1;
const START = 2;
const SEQUENCE = 3;
const CLEARED_AT = 4;
const PENDING_SINCE = 5;
const HEALTHY_SINCE = 6;
const SAID_AT = 7;
const SEVERITY = 8;
const RETURNS = 9;
const WIDTH = 10;

/**
 * The episodes that are pending or alive, a few of very many lanes. One device is looked at at a time: `enter` it before
 * anything else. Its lanes are found fastest in rising order.
 */
export interface Episodes {
  /** Looks at the device whose block is at this place. */
  enter(device: number): void;
  /** The episode of a lane; `quiet` where there is none. */
  get(lane: number): EpisodeState;
  /** Keeps the episode of a lane, or forgets it where it is neither pending nor alive. */
  put(lane: number, state: EpisodeState): void;
  /** All of the device. */
  list(): readonly { readonly lane: number; readonly state: EpisodeState }[];
}

/** The episodes in `blocks`. */
export function makeEpisodes(blocks: Blocks): Episodes {
  let device = 0;
  /** The last one looked at in front of which the wanted one is not; 0: the beginning of the list. */
  let before = 0;

  const nextOf = (place: number): number =>
    blocks.page(place)[blocks.offset(place) + NEXT] as number;
  const laneOf = (place: number): number =>
    blocks.page(place)[blocks.offset(place) + LANE] as number;
  const first = (): number => blocks.page(device)[blocks.offset(device) + EPISODES] as number;

  /** The first one that is of this lane or of one behind it; 0 where there is none. */
  function seek(lane: number): number {
    if (before !== 0 && laneOf(before) >= lane) before = 0;
    let place = before === 0 ? first() : nextOf(before);
    while (place !== 0 && laneOf(place) < lane) {
      before = place;
      place = nextOf(place);
    }
    return place;
  }

  /** Puts `place` behind `before`. */
  function link(place: number): void {
    const owner = before === 0 ? device : before;
    blocks.touch(owner);
    blocks.page(owner)[blocks.offset(owner) + (before === 0 ? EPISODES : NEXT)] = place;
  }

  function read(place: number): EpisodeState {
    const page = blocks.page(place);
    const at = blocks.offset(place);
    return {
      start: page[at + START] as number,
      sequence: page[at + SEQUENCE] as number,
      clearedAt: page[at + CLEARED_AT] as number,
      pendingSince: page[at + PENDING_SINCE] as number,
      healthySince: page[at + HEALTHY_SINCE] as number,
      saidAt: page[at + SAID_AT] as number,
      severity: page[at + SEVERITY] as number,
      returns: page[at + RETURNS] as number,
    };
  }

  function write(place: number, state: EpisodeState): void {
    blocks.touch(place);
    const page = blocks.page(place);
    const at = blocks.offset(place);
    page[at + START] = state.start;
    page[at + SEQUENCE] = state.sequence;
    page[at + CLEARED_AT] = state.clearedAt;
    page[at + PENDING_SINCE] = state.pendingSince;
    page[at + HEALTHY_SINCE] = state.healthySince;
    page[at + SAID_AT] = state.saidAt;
    page[at + SEVERITY] = state.severity;
    page[at + RETURNS] = state.returns;
  }

  return {
    enter(place) {
      device = place;
      before = 0;
    },
    get(lane) {
      const place = seek(lane);
      return place !== 0 && laneOf(place) === lane ? read(place) : quiet;
    },
    put(lane, state) {
      const found = seek(lane);
      const isThere = found !== 0 && laneOf(found) === lane;
      const isLive = state.sequence >= 0 || state.pendingSince >= 0;
      if (isThere && isLive) write(found, state);
      else if (isThere) {
        link(nextOf(found));
        blocks.free(found, WIDTH);
      } else if (isLive) {
        const place = blocks.take(WIDTH);
        const page = blocks.page(place);
        page[blocks.offset(place) + LANE] = lane;
        page[blocks.offset(place) + NEXT] = found;
        write(place, state);
        link(place);
      }
    },
    list() {
      const all: { readonly lane: number; readonly state: EpisodeState }[] = [];
      for (let place = first(); place !== 0; place = nextOf(place)) {
        all.push({ lane: laneOf(place), state: read(place) });
      }
      return all;
    },
  };
}
