import { same } from './line.ts';
import type { Line } from './line.ts';
import { sentAgain } from './accountReadings.ts';
import type { Evidence } from './evidence.ts';
import { DAY } from './times.ts';

/** What the bridge told the org of its days is what others counted. */
export function accountDays(evidence: Evidence): readonly Line[] {
  const { days, sent, logged, quarantined, outbox, cut } = evidence;
  const part = 'days';
  const dayOf = (at: number): number => Math.floor(at / DAY);
  const readings = sent.filter(({ kind }) => kind === undefined);
  const again = sentAgain(evidence).reduce((total, { more }) => total + more, 0);
  const sum = (pick: (day: (typeof days)[number]) => number): number =>
    days.reduce((total, day) => total + pick(day), 0);
  const lines = [...new Set(sent.map(({ at }) => dayOf(at)))].map((day): Line => {
    const isDay = ({ at }: { readonly at: number }): boolean => dayOf(at) === day;
    const expected = readings.filter(isDay).length + (dayOf(cut) === day ? again : 0);
    const name = new Date(day * DAY).toISOString().slice(0, 10);
    const told = days.find((one) => one.day === name);
    return same(part, `readings of ${name}, repeats among them`, expected, told?.readings ?? 0);
  });
  const unpublished = outbox.filter(({ state }) => state === 'coalesced' || state === 'suppressed');
  const reasons = Map.groupBy(unpublished, ({ why }) => why);
  const suppressed = [...reasons].map(([why, all]) =>
    same(
      part,
      `suppressed: ${why}`,
      all.length,
      sum((day) => day.reasons[why] ?? 0),
    ),
  );
  return [
    ...lines,
    same(
      part,
      'readings that were there already',
      logged.length - new Set(logged).size,
      sum((day) => day.duplicates),
    ),
    same(
      part,
      'quarantined',
      quarantined.length,
      sum((day) => day.quarantined),
    ),
    same(
      part,
      'events accepted by the event bus',
      outbox.reduce((total, { publishes }) => total + publishes, 0),
      sum((day) => day.signals),
    ),
    ...suppressed,
    same(
      part,
      'suppressed in all',
      unpublished.length,
      sum((day) => day.suppressed),
    ),
    same(
      part,
      'errors',
      0,
      sum((day) => day.errors),
    ),
  ];
}
