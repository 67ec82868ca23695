import { toDeviceKey } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { endedSignalOf } from './endedSignal.ts';
import type { Fleet } from './fleet.ts';
import { EPISODES } from './layout/layout.ts';
import { policiesInForce } from './policy/rules.ts';
import type { DevicePlace, Rules } from './policy/rules.ts';
import type { StandingPolicy } from './policy/standing.ts';
import type { Vigil } from './silence/vigil.ts';

/**
 * Has the devices of `fleet` judged by other policies from now on. Devices with something pending or open are brought over at
 * once, for an episode that no policy watches any more ends here, with a signal; all others when they are looked at next.
 */
export function replaceRules(
  { fleet, vigil }: { readonly fleet: Fleet; readonly vigil: Vigil },
  standing: readonly StandingPolicy[],
  places: ReadonlyMap<string, DevicePlace>,
  at: EpochMs,
): readonly Signal[] {
  const { keys, blocks, layouts, renewal } = fleet;
  layouts.use(standing, places);
  const signals: Signal[] = [];
  keys.forEach((index) => {
    const place = fleet.places.get(index);
    if (blocks.page(place)[blocks.offset(place) + EPISODES] === 0) return;
    const layout = fleet.layoutOf(place);
    const device = toDeviceKey(keys.keyOf(index));
    renewal.renew(index, (lane, state) => {
      const isOpen = state.sequence >= 0 && state.clearedAt < 0;
      if (isOpen) signals.push(endedSignalOf({ device, lane, layout, state, at }));
    });
  });
  if (standing.some(({ policy }) => policy.detector.kind === 'silence')) vigil.review();
  return signals;
}

/** Never by itself, but something is open: what `putAside` answers for it; only Infinity is later. */
export const FAR = Number.MAX_SAFE_INTEGER - 1;

/**
 * Devices that are put aside and due up to then have to be back before `after` follows `before`: all where silence is judged
 * otherwise, those with something open where that could end, none where only limits, times and severities are others.
 */
export function dueBeforeChange(before: Rules, after: Rules): number {
  const [old, next] = [policiesInForce(before), policiesInForce(after)];
  const silences = (policies: readonly Policy[]) =>
    JSON.stringify(policies.filter(({ detector }) => detector.kind === 'silence'));
  const isMoved = JSON.stringify([...before.places]) !== JSON.stringify([...after.places]);
  const isSilent = [...old, ...next].some(({ detector }) => detector.kind === 'silence');
  if (silences(old) !== silences(next) || (isMoved && isSilent)) return Infinity;
  return isMoved || aboutOf(old) !== aboutOf(next) ? FAR : -Infinity;
}

/** What decides which devices and series policies are about. */
function aboutOf(policies: readonly Policy[]): string {
  return JSON.stringify(
    policies.map(({ key, match, signalType, detector: { kind } }) => {
      const { deviceType, device, assetId, accountId, metric } = match;
      return [key, deviceType, device, assetId, accountId, metric, signalType, kind];
    }),
  );
}
