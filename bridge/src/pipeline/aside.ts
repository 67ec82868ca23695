import type { Engine } from '../core/engine.ts';
import { readRules } from '../core/policy/rules.ts';
import { dueBeforeChange } from '../core/replaceRules.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import type { Attic } from '../ports/attic.ts';

/** Devices put aside, and brought back, in one tick: about 20 ms. A million are aside after some 80 minutes. */
const STEP = 200;

/**
 * An engine whose devices go to disk when they were silent for `afterMs` of listened time. They are back with
 * their next message (`recall` of the engine), or when their silence has something to say; nobody can tell.
 */
export function withAttic(engine: Engine, attic: Attic, afterMs: number): Engine {
  function bringBack(dueAt: EpochMs): void {
    for (const device of attic.due(dueAt)) {
      const aside = attic.take(device);
      if (aside !== undefined) engine.restore(device, aside.state);
    }
  }
  return {
    ...engine,
    get rules() {
      return engine.rules;
    },
    get policies() {
      return engine.policies;
    },
    get repeats() {
      return engine.repeats;
    },
    replaceRules(rules, position, at) {
      const nothing = { file: engine.policies, org: [], off: [], places: new Map() };
      const before = engine.rules === undefined ? nothing : readRules(engine.rules);
      // What ends with its policy ends now, and not when its device is back.
      bringBack(toEpochMs(dueBeforeChange(before, readRules(rules))));
      return engine.replaceRules(rules, position, at);
    },
    tick(listenedAt, now) {
      bringBack(listenedAt);
      const signals = engine.tick(listenedAt, now);
      const room = Math.min(STEP, attic.room);
      if (room === 0) return signals;
      for (const device of engine.findIdle(toEpochMs(listenedAt - afterMs), room)) {
        const aside = engine.putAside(device);
        if (aside !== undefined) attic.put(device, aside);
      }
      return signals;
    },
  };
}
