import { randomUUID } from 'node:crypto';

import type { OpenFlow } from '../../automation/screenFlows.ts';
import type { Clock } from '../../clock.ts';

/** Open interviews of all sessions, and of one: more than anybody has windows. */
const MOST = 500;
const MOST_OF_SESSION = 20;

/** An interview that nobody has touched for so long is forgotten, as the session would have ended. */
const IDLE_MS = 2 * 3_600_000;

/** Interviews of screen flows that stand at a screen, in memory, each for the session that started it. */
export interface Interviews {
  /** Keeps an interview; where there are too many, the ones that rested longest are forgotten. */
  keep(session: string, flow: OpenFlow): string;
  /** The interview, or undefined: it is not there, has rested too long or belongs to another session. */
  find(session: string, id: string): OpenFlow | undefined;
  forget(session: string, id: string): void;
}

interface Kept {
  readonly session: string;
  readonly flow: OpenFlow;
  readonly usedAt: number;
}

export function makeInterviews(clock: Clock, makeId: () => string = randomUUID): Interviews {
  // In the order they were last used: what is used is taken out and put in again.
  const kept = new Map<string, Kept>();

  function use(id: string, session: string, flow: OpenFlow): void {
    kept.delete(id);
    kept.set(id, { session, flow, usedAt: clock.now() });
  }

  function clean(session: string): void {
    for (const [id, { usedAt }] of kept) if (usedAt < clock.now() - IDLE_MS) kept.delete(id);
    const own = [...kept].filter(([, one]) => one.session === session).map(([id]) => id);
    for (const id of own.slice(0, Math.max(0, own.length - MOST_OF_SESSION + 1))) kept.delete(id);
    for (const id of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST + 1))) kept.delete(id);
  }

  function find(session: string, id: string): OpenFlow | undefined {
    const one = kept.get(id);
    if (one?.session !== session || one.usedAt < clock.now() - IDLE_MS) return undefined;
    use(id, session, one.flow);
    return one.flow;
  }

  return {
    keep(session, flow) {
      clean(session);
      const id = makeId();
      use(id, session, flow);
      return id;
    },
    find,
    forget(session, id) {
      if (kept.get(id)?.session === session) kept.delete(id);
    },
  };
}
