import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DayStore } from '../ports/bridgeReports.ts';

const count = z.number().min(0);
const daysShape = z.array(
  z.object({
    day: z.iso.date(),
    readings: count,
    quarantined: count,
    // Files of before do not have it.
    duplicates: count.default(0),
    signals: count,
    errors: count,
    suppressed: z.record(z.string(), count),
  }),
);

/**
 * Counts of days in one JSON file, replaced in one step. Not forced to the disk: after a power failure some seconds of
 * counts may be missing, and no reading waits for them.
 */
export function makeDayFile(file: string): DayStore {
  return {
    load() {
      try {
        return daysShape.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return [];
      }
    },
    save(days) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${JSON.stringify(days)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}
