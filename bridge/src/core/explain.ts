import { severities } from '../model/signal.ts';
import type { Happening } from './happening.ts';
import { duration, quantity } from './words.ts';

/**
 * An event in plain words for a technician, at most 2,000 characters:
 * `Vibration of pump-001 rose to 8.4 mm/s, above the limit of 7.1 mm/s, for 2 s.`
 */
export function explain(happening: Happening): string {
  const { lane, event, verdict, numbers, at, device, unit, before, input } = happening;
  const { judge, metric } = lane;
  const who = metric === undefined ? device : `${title(metric)} of ${device}`;
  const show = (value: number): string => quantity(value, unit);
  const lasted = input.at - event.since;
  switch (event.cause) {
    case 'began':
      return `${who} ${judge.trouble(verdict, numbers, at, show)}${forTime(lasted, happening)}.`;
    case 'returned':
      return (
        `${who} ${judge.trouble(verdict, numbers, at, show)}${forTime(lasted, happening)}. ` +
        `It came back ${duration(event.since - before.clearedAt)} after it had cleared, ` +
        'so it belongs to the same episode.'
      );
    case 'worse': {
      const from = severities[before.severity] ?? 'Low';
      return (
        `${who} ${judge.trouble(verdict, numbers, at, show)}; ` +
        `the severity is raised from ${from} to ${event.severity}.`
      );
    }
    case 'still':
      return `${who} ${judge.trouble(verdict, numbers, at, show)}. The episode has lasted ${duration(lasted)}.`;
    case 'ended':
      return (
        `${who} ${judge.relief(verdict, numbers, at, show)}${forTime(lasted, happening)}. ` +
        `The episode lasted ${duration(event.since - event.start)}.`
      );
  }
}

/** Silence says itself how long it lasts. */
function forTime(lastedMs: number, { lane }: Happening): string {
  return lastedMs <= 0 || lane.policy.detector.kind === 'silence'
    ? ''
    : `, for ${duration(lastedMs)}`;
}

function title(metric: string): string {
  const words = metric.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? metric : words.charAt(0).toUpperCase() + words.slice(1);
}
