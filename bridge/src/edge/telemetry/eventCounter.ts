import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export interface EventCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly registry: Registry;
}

/**
 * A counter for what happens once an event: counts by the value of its label, and tells the registry when that is read. The
 * registry itself takes half a microsecond for each, to find the series of the labels.
 */
export function makeEventCounter({ name, help, label, registry }: EventCounterOptions) {
  const untold = new Map<string, number>();
  const counter = new Counter({
    ...{ name, help, labelNames: [label], registers: [registry] },
    collect() {
      for (const [value, count] of untold) counter.inc({ [label]: value }, count);
      untold.clear();
    },
  });
  return (value: string): void => void untold.set(value, (untold.get(value) ?? 0) + 1);
}
