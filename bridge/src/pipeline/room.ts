import type { Room } from '../core/delivery/pace.ts';
import { severities } from '../model/signal.ts';
import type { Governor } from './governor.ts';

/**
 * What the pace allows and the budgets have room for: as many severities as have any, from Critical on. A batch takes no
 * more than the least severe of them may, whoever is in it; the next one finds the rest.
 *
 * @param paced what may be on its way
 */
export function roomWithin(paced: Room, governor: Pick<Governor, 'room'>): Room {
  const least = severities.indexOf(paced.atLeast);
  for (const atLeast of severities.slice(0, least + 1).toReversed()) {
    const events = Math.min(paced.events, governor.room(atLeast));
    if (events > 0) return { events, atLeast };
  }
  return { events: 0, atLeast: 'Critical' };
}
