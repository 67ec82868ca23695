import type { Allocation } from '../api/rest/context.ts';
import type { Bus } from '../events/bus.ts';
import type { Edition } from '../store/editions.ts';

/** What the event bus may still publish and deliver, under the names of the REST resource `limits`. */
export function allocationsOf({
  allocations,
  usage,
}: Pick<Bus, 'allocations' | 'usage'>): Record<string, Allocation> {
  return {
    HourlyPublishedPlatformEvents: left(allocations.hourlyPublished, usage.used('published')),
    DailyDeliveredPlatformEvents: left(allocations.dailyDelivered, usage.used('delivered')),
  };
}

/** What the org may still store, under those names; megabytes. There are no files in this org. */
export function storageOf(
  edition: Pick<Edition, 'dataStorageMb' | 'fileStorageMb'>,
  usedMb: number,
): Record<string, Allocation> {
  return {
    DataStorageMB: left(edition.dataStorageMb, Math.ceil(usedMb)),
    FileStorageMB: left(edition.fileStorageMb, 0),
  };
}

function left(max: number, used: number): Allocation {
  return { max, remaining: Math.max(0, max - used) };
}
