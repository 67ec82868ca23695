import type { Allocation } from '../api/rest/context.ts';
import type { Bus } from '../events/bus.ts';

/** What the event bus may still publish and deliver, under the names of the REST resource `limits`. */
export function allocationsOf({
  allocations,
  usage,
}: Pick<Bus, 'allocations' | 'usage'>): Record<string, Allocation> {
  const left = (max: number, used: number): Allocation => ({
    max,
    remaining: Math.max(0, max - used),
  });
  return {
    HourlyPublishedPlatformEvents: left(allocations.hourlyPublished, usage.used('published')),
    DailyDeliveredPlatformEvents: left(allocations.dailyDelivered, usage.used('delivered')),
  };
}
