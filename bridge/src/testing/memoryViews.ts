import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import { err, ok } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { ApiCalls, TelemetryView, ViewOutcome, Views, ViewUpdate } from '../ports/views.ts';

/** An org with views in memory that counts what it is asked, as an org does. */
export interface MemoryViews extends Views {
  readonly views: Map<string, TelemetryView>;
  /** Device keys by asset. */
  readonly installed: Map<string, readonly string[]>;
  /** Every call with updates, in order. */
  readonly writes: (readonly ViewUpdate[])[];
  /** Names of all calls, in order. */
  readonly log: string[];
  /** Ids whose writes are refused, with the reason. */
  readonly refusals: Map<string, string>;
  failure: OrgFailure | undefined;
  apiCalls: ApiCalls | undefined;
  /** A view of `asset-1`; live until then, or for ever. */
  put(id: string, changes?: Partial<TelemetryView>): void;
  /** The last update of a view. */
  last(id: string): ViewUpdate | undefined;
}

const FOR_EVER: EpochMs = toEpochMs(Number.MAX_SAFE_INTEGER);

export function makeMemoryViews(): MemoryViews {
  const views = new Map<string, TelemetryView>();
  const installed = new Map<string, readonly string[]>([['asset-1', ['pump-001']]]);
  const remembered = new Set<string>();
  const writes: (readonly ViewUpdate[])[] = [];
  const log: string[] = [];
  const refusals = new Map<string, string>();
  const toOutcome = ({ id }: ViewUpdate): ViewOutcome => {
    const reason = refusals.get(id);
    if (reason !== undefined) return { kind: 'refused', id, reason };
    return { kind: views.has(id) ? 'written' : 'gone', id };
  };
  return {
    views,
    installed,
    writes,
    log,
    refusals,
    failure: undefined,
    apiCalls: undefined,
    put(id, changes = {}) {
      const view = { id, assetId: 'asset-1', metrics: [], rangeMs: 900_000, liveUntil: FOR_EVER };
      views.set(id, { ...view, ...changes });
    },
    last: (id) => writes.flat().findLast((update) => update.id === id),
    async byIds(ids) {
      log.push(`byIds ${ids.length}`);
      if (this.failure !== undefined) return err(this.failure);
      return ok(ids.flatMap((id) => views.get(id) ?? []));
    },
    async live(now) {
      log.push('live');
      if (this.failure !== undefined) return err(this.failure);
      return ok([...views.values()].filter(({ liveUntil }) => (liveUntil ?? 0) > now));
    },
    async devices(assetIds) {
      if (assetIds.some((id) => !remembered.has(id))) log.push('devices');
      if (this.failure !== undefined) return err(this.failure);
      for (const id of assetIds) remembered.add(id);
      return ok(new Map(assetIds.map((id) => [id, (installed.get(id) ?? []).map(toDeviceKey)])));
    },
    async write(updates) {
      log.push(`write ${updates.length}`);
      if (this.failure !== undefined) return err(this.failure);
      const outcomes = updates.map(toOutcome);
      writes.push(updates);
      return ok(outcomes);
    },
    calls: () => log.length,
    usage() {
      return this.apiCalls;
    },
  };
}
