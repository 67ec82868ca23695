import { err, ok } from '../../model/result.ts';
import type { EpochMs, EventKey } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import type { OrgFailure } from '../../ports/publisher.ts';
import type { OrgRecord, ReceiptQuestion, Receipts } from '../../ports/receipts.ts';

/** A row of a signal, as it is seen once its transaction has ended. */
export interface SignalRow {
  readonly id: RecordId;
  readonly eventKey: EventKey;
  readonly disposition: 'Received' | 'Acted' | 'Suppressed' | 'Failed';
  readonly reason: string;
  /** Of the last save, by the org's clock; whole seconds, as the org keeps it. */
  readonly savedAt: EpochMs;
}

export interface FailureRow {
  readonly id: RecordId;
  readonly eventKey: EventKey;
  readonly stage: 'Ingest' | 'Route';
  readonly reason: string;
  readonly savedAt: EpochMs;
}

/** An org in memory, for tests and trials: keeps the same promises about what it has. */
export interface MemoryReceipts extends Receipts {
  readonly signals: Map<EventKey, SignalRow>;
  readonly failures: FailureRow[];
  /** Set to have every request fail. */
  failure: OrgFailure | undefined;
  /** Why a request to route again is not taken; undefined: it is. */
  refuseRouting: string | undefined;
  /** What was asked, in order. */
  readonly questions: ReceiptQuestion[];
  readonly routed: (readonly RecordId[])[];
}

/** A page has room for so many rows. */
export interface MemoryReceiptsOptions {
  readonly page?: number;
}

type Place = readonly [savedAt: number, id: string];
const OVERLAP_MS = 10_000;
const OVERLAP_ROWS = 200;

export function makeMemoryReceipts({ page = 2_000 }: MemoryReceiptsOptions = {}): MemoryReceipts {
  const signals = new Map<EventKey, SignalRow>();
  const failures: FailureRow[] = [];

  /** Rows behind a place, and the place behind these. */
  function turn<R extends { savedAt: EpochMs; id: RecordId }>(
    rows: readonly R[],
    from: Place | undefined,
  ) {
    const ordered = rows.toSorted((a, b) => compare([a.savedAt, a.id], [b.savedAt, b.id]));
    const behind =
      from === undefined
        ? ordered.slice(-1)
        : ordered.filter(({ savedAt, id }) => compare([savedAt, id], from) > 0).slice(0, page);
    const more = from !== undefined && behind.length === page;
    const last = behind.at(-1);
    if (last === undefined) return { rows: behind, place: from ?? ([0, ''] as const), more };
    if (more) return { rows: behind, place: [last.savedAt, last.id] as const, more };
    const early = behind.at(-1 - OVERLAP_ROWS);
    const bounds: Place[] = [[last.savedAt - OVERLAP_MS, ''], from ?? [0, '']];
    if (early !== undefined) bounds.push([early.savedAt, early.id]);
    const place = bounds.toSorted(compare).at(-1) ?? ([0, ''] as const);
    return { rows: behind, place, more };
  }

  function find(eventKey: EventKey): readonly OrgRecord[] {
    const { id, disposition, reason } = signals.get(eventKey) ?? {};
    const about = failures.filter((row) => row.eventKey === eventKey);
    if (disposition !== undefined && disposition !== 'Received') {
      return [{ eventKey, disposition, reason: reason ?? '' }];
    }
    const routing = about.find(({ stage }) => stage === 'Route');
    if (routing !== undefined) return [{ eventKey, disposition: 'Failed', reason: routing.reason }];
    if (id !== undefined) return [{ eventKey, disposition: 'Received', reason: reason ?? '', id }];
    const last = about.at(-1);
    if (last === undefined) return [];
    return [{ eventKey, disposition: 'Refused', reason: last.reason, refusals: about.length }];
  }

  return {
    signals,
    failures,
    failure: undefined,
    refuseRouting: undefined,
    questions: [],
    routed: [],
    async read(question) {
      this.questions.push(question);
      if (this.failure !== undefined) return err(this.failure);
      const from = question.place === undefined ? undefined : toPlaces(question.place);
      const ended = turn(
        [...signals.values()].filter(({ disposition }) => disposition !== 'Received'),
        from?.[0],
      );
      const failed = turn(failures, from?.[1]);
      const found = question.eventKeys.flatMap(find);
      const isStray =
        from !== undefined &&
        ended.rows.length === 0 &&
        found.some(({ disposition }) => disposition !== 'Received' && disposition !== 'Refused');
      return ok({
        ended: ended.rows.flatMap(({ eventKey, disposition, reason }) =>
          disposition === 'Received' ? [] : [{ eventKey, disposition, reason }],
        ),
        failed: failed.rows.map(({ id, eventKey }) => ({ id, eventKey })),
        found,
        place: isStray ? undefined : JSON.stringify([ended.place, failed.place]),
        more: ended.more || failed.more,
      });
    },
    async routeAgain(ids) {
      this.routed.push(ids);
      if (this.failure !== undefined) return err(this.failure);
      return ok(ids.map((id) => ({ id, refused: this.refuseRouting })));
    },
  };
}

const toPlaces = (text: string): readonly [Place, Place] =>
  JSON.parse(text) as readonly [Place, Place];

function compare([a, aId]: Place, [b, bId]: Place): number {
  if (a !== b) return a - b;
  return aId < bId ? -1 : Number(aId !== bId);
}
