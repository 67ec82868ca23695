import type { DeviceKey } from '../../model/brand.ts';
import type { Aside, Attic } from '../../ports/attic.ts';
import { makeLayeredAttic } from './layeredAttic.ts';

interface Row {
  readonly device: DeviceKey;
  readonly since: number;
  until: number;
  readonly aside: Aside;
}

/** Rows of an attic in memory; `open` gives an attic over them, as a start does. For tests and trials. */
export function makeMemoryAttic(): { open(): Attic } {
  let kept: Row[] = [];
  return {
    open() {
      // Each start has its own: what it takes back does not concern the others.
      let rows = kept.map((row) => ({ ...row }));
      const there = (device: DeviceKey): Row | undefined =>
        rows.find((row) => row.device === device && row.until === Infinity);
      return makeLayeredAttic(
        {
          get: (device) => there(device)?.aside,
          has: (device) => there(device) !== undefined,
          due: (listenedAt) =>
            rows
              .filter(({ until, aside }) => until === Infinity && aside.dueAt <= listenedAt)
              .map(({ device }) => device),
          count: () => rows.filter(({ until }) => until === Infinity).length,
          async change(sequence, changes) {
            for (const [device, aside] of changes) {
              const row = there(device);
              if (row !== undefined) row.until = sequence;
              if (aside === undefined) continue;
              rows = rows.filter((one) => one.device !== device || one.since !== sequence);
              rows.push({ device, since: sequence, until: Infinity, aside });
            }
            kept = rows;
          },
          async prune(oldest) {
            rows = rows.filter(({ until }) => until > oldest);
            kept = rows;
          },
          restore(sequence = -1) {
            rows = rows.filter(({ since }) => since <= sequence);
            for (const row of rows) if (row.until > sequence) row.until = Infinity;
          },
        },
        (error) => ({ kind: 'unavailable', reason: String(error) }),
      );
    },
  };
}
