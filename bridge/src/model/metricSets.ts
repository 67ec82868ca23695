import type { MetricSet } from './reading.ts';

/** Devices that invent names must not fill the memory; a fleet has a handful of sets. */
const MOST_SETS = 1_000;

/** Gives the same set for the same names in the same order, as long as it is in use. */
export function makeMetricSets(
  units: Readonly<Record<string, string>>,
): (names: readonly string[]) => MetricSet {
  const unitOf = new Map(Object.entries(units));
  const sets = new Map<string, MetricSet>();
  return (names) => {
    const key = JSON.stringify(names);
    let set = sets.get(key);
    if (set === undefined) {
      if (sets.size >= MOST_SETS) sets.clear();
      set = { names: [...names], units: names.map((name) => unitOf.get(name)) };
      sets.set(key, set);
    }
    return set;
  };
}
