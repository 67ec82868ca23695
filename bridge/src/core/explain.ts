import type { DeviceKey } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import { severities } from '../model/signal.ts';
import type { Input, Verdict } from './detect/detector.ts';
import type { Judge } from './detect/judge.ts';
import type { EpisodeEvent, EpisodeState } from './episode/episode.ts';
import { duration, quantity } from './words.ts';

export interface Explained {
  readonly policy: Policy;
  readonly event: EpisodeEvent;
  readonly verdict: Verdict;
  readonly judge: Judge;
  readonly device: DeviceKey;
  readonly metric: string | undefined;
  readonly unit: string | undefined;
  /** The episode before this event. */
  readonly before: EpisodeState;
  readonly input: Input;
}

/**
 * An event in plain words for a technician, at most 2,000 characters:
 * `Vibration of pump-001 rose to 8.4 mm/s, above the limit of 7.1 mm/s, for 2 s.`
 */
export function explain(explained: Explained): string {
  const { event, verdict, judge, device, metric, unit, before, input } = explained;
  const who = metric === undefined ? device : `${title(metric)} of ${device}`;
  const show = (value: number): string => quantity(value, unit);
  const lasted = input.at - event.since;
  switch (event.cause) {
    case 'began':
      return `${who} ${judge.trouble(verdict, show)}${forTime(lasted, explained)}.`;
    case 'returned':
      return (
        `${who} ${judge.trouble(verdict, show)}${forTime(lasted, explained)}. ` +
        `It came back ${duration(event.since - before.clearedAt)} after it had cleared, ` +
        'so it belongs to the same episode.'
      );
    case 'worse': {
      const from = severities[before.severity] ?? 'Low';
      return (
        `${who} ${judge.trouble(verdict, show)}; ` +
        `the severity is raised from ${from} to ${event.severity}.`
      );
    }
    case 'still':
      return `${who} ${judge.trouble(verdict, show)}. The episode has lasted ${duration(lasted)}.`;
    case 'ended':
      return (
        `${who} ${judge.relief(verdict, show)}${forTime(lasted, explained)}. ` +
        `The episode lasted ${duration(event.since - event.start)}.`
      );
  }
}

/** Silence says itself how long it lasts. */
function forTime(lastedMs: number, { policy }: Explained): string {
  return lastedMs <= 0 || policy.detector.kind === 'silence' ? '' : `, for ${duration(lastedMs)}`;
}

function title(metric: string): string {
  const words = metric.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? metric : words.charAt(0).toUpperCase() + words.slice(1);
}
