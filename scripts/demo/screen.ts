import { setTimeout as sleep } from 'node:timers/promises';

import { createLogUpdate } from 'log-update';

import { drawLine, drawPicture } from './picture.ts';
import type { Surroundings } from './snapshot.ts';
import type { Watcher } from './watch.ts';

/** Where the demo speaks to the person in front of it. */
export interface Screen {
  /** One line that stays, with the seconds since the start. */
  step(text: string): void;
  /** Text that stays, as it is. */
  say(text: string): void;
  /** Draws the picture again and again until the returned function is called. */
  follow(watcher: Watcher, around: Surroundings): () => Promise<void>;
}

/** A picture is redrawn this often on a terminal; a line is added this often elsewhere. */
const REDRAW_MS = 1000;
const LINE_EVERY = 5;

/** @param startedAt start of the demo, milliseconds since the epoch */
export function makeScreen(
  stream: NodeJS.WriteStream,
  now: () => number,
  startedAt: number,
): Screen {
  const live = stream.isTTY ? createLogUpdate(stream) : undefined;
  /** What stands below everything else on a terminal. */
  let frame: string | undefined;

  const say = (text: string): void => {
    if (live === undefined || frame === undefined) stream.write(`${text}\n`);
    else {
      live.persist(text);
      live(frame);
    }
  };

  async function follow(
    watcher: Watcher,
    around: Surroundings,
    stopped: AbortSignal,
  ): Promise<void> {
    if (live === undefined) say(around.hints.join(' · '));
    for (let round = 0; !stopped.aborted; round += 1) {
      const shot = await watcher.look();
      if (live !== undefined) {
        frame = `\n${drawPicture(shot, around, (stream.columns || 80) - 1)}\n`;
        live(frame);
      } else if (round % LINE_EVERY === LINE_EVERY - 1) say(drawLine(shot));
      await sleep(REDRAW_MS, undefined, { signal: stopped }).catch(() => undefined);
    }
    frame = undefined;
    live?.done();
  }

  return {
    say,
    step: (text) => say(`[${((now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${text}`),
    follow: (watcher, around) => {
      const stop = new AbortController();
      const following = follow(watcher, around, stop.signal);
      return async () => {
        stop.abort();
        await following;
      };
    },
  };
}
