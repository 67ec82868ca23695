import type { DecoderCounts } from '../core/decode/decoder.ts';
import type { Engine } from '../core/engine.ts';
import type { Attic } from '../ports/attic.ts';
import type { OrgLimits } from '../ports/bridgeReports.ts';
import type { DurableLog, StorageFailure } from '../ports/log.ts';
import type { IdentityCopy } from '../ports/identity.ts';
import type { Ingress } from '../ports/ingress.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TelemetryWindow } from '../core/telemetry/window.ts';
import type { Breakers } from './breaker.ts';
import { isCurrent } from './directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { BudgetStatus } from './governor.ts';
import type { LatencyWatch } from './latency.ts';
import type { OrgState } from './orgState.ts';
import type { Pace } from './pace.ts';
import type { ProcessProgress } from './process.ts';
import type { BudgetView } from './shortage.ts';
import type { Snapshots } from './snapshots.ts';
import type { Unrouted } from './unrouted.ts';

/** What an operator may ask about a running bridge. */
export interface StatusView {
  readonly log: WatchedLog;
  readonly outbox: Outbox;
  readonly progress: ProcessProgress;
  readonly ingress: Ingress;
  readonly decoded: DecoderCounts;
  readonly state: StateView;
  readonly org: OrgState;
  readonly breakers: Breakers;
  readonly pace: Pace;
  readonly identity: IdentityView;
  readonly receiving: ReceiptView;
  readonly clock: Clock;
  /** Whether the bridge is subscribed to the org's notices. */
  readonly heard: { readonly listening: boolean };
  /** What the org last said of its limits. */
  readonly limits: () => OrgLimits | undefined;
  readonly budgets: BudgetView;
  /** Absent where there are no charts. */
  readonly telemetry: (() => TelemetryStatus) | undefined;
}

/** What detection remembers, and where. */
export interface StateView {
  readonly engine: Pick<Engine, 'devices'>;
  readonly attic: Pick<Attic, 'size'>;
  readonly snapshots: Pick<Snapshots, 'status'>;
}

/** The copy of the org's devices, and how long it is believed. */
export interface IdentityView {
  readonly copy: Pick<IdentityCopy, 'completeAt' | 'counts'>;
  readonly trustForMs: number;
}

/** How the org acts on what it got. */
export interface ReceiptView {
  readonly latency: Pick<LatencyWatch, 'shares' | 'reason'>;
  readonly unrouted: Pick<Unrouted, 'stuck' | 'reason'>;
}

/** What the charts are at. */
export interface TelemetryStatus {
  readonly window: TelemetryWindow;
  /** Views somebody is looking at. */
  readonly live: number;
}

/** A log that remembers whether its last write of each kind was refused. */
export interface WatchedLog extends DurableLog {
  readonly failure: () => StorageFailure | undefined;
}

/**
 * What goes to the log and what goes to quarantine are files of their own: that a second can still be written down says
 * nothing of a message that waits for room in the other.
 */
export function watchLog(log: DurableLog): WatchedLog {
  const refused: { log?: StorageFailure | undefined; quarantine?: StorageFailure | undefined } = {};
  return {
    ...log,
    async append(messages) {
      const result = await log.append(messages);
      refused.log = result.ok ? undefined : result.error;
      return result;
    },
    async tick(tick) {
      const result = await log.tick(tick);
      refused.log = result.ok ? undefined : result.error;
      return result;
    },
    async quarantine(rejected) {
      const result = await log.quarantine(rejected);
      refused.quarantine = result.ok ? undefined : result.error;
      return result;
    },
    failure: () => refused.log ?? refused.quarantine,
  };
}

/** What has to be well for the bridge to do its whole work, in the order of a reading. */
export function readChecks(view: StatusView) {
  const { log, ingress, org, breakers, identity, receiving, clock } = view;
  const { listening, reason } = ingress.status();
  const failure = log.failure();
  return {
    mqtt: { ok: listening, reason },
    log: { ok: failure === undefined, reason: failure?.reason ?? 'ok' },
    org: {
      ok: org.reachable(),
      reason: [org.reason(), breakers.publish.reason(), breakers.receipts.reason()]
        .filter((text) => text !== '')
        .join(' '),
    },
    // Signals go out without it, too.
    identity: { ok: true, reason: identityNote(identity, clock()) },
    routing: { ok: true, reason: receiving.unrouted.reason() || 'ok' },
    latency: { ok: true, reason: receiving.latency.reason() || 'ok' },
    budgets: { ok: true, reason: view.budgets.messages().join(' ') || 'ok' },
  };
}

/** Whether the copy is believed, for an operator. */
export function identityNote({ copy, trustForMs }: IdentityView, now: number): string {
  const readAt = copy.completeAt();
  if (readAt === undefined) {
    return 'the devices of the org have not been read yet; until then the org finds out whom signals are about';
  }
  if (isCurrent(readAt, now, trustForMs)) return 'ok';
  const minutes = Math.round((now - readAt) / 60_000);
  return `the devices of the org were last read ${minutes} minutes ago; until they are, the org finds out whom signals are about`;
}

/** Values of the moment, by the name of their metric. */
export async function readGauges(view: StatusView) {
  const { log, outbox, progress, ingress, decoded, state, org, breakers, pace } = view;
  const { heard, telemetry, identity, receiving, clock } = view;
  const inTime = receiving.latency.shares();
  const readAt = identity.copy.completeAt();
  const known = identity.copy.counts();
  const snapshot = state.snapshots.status();
  const charts = telemetry?.();
  const { listening, window = { size: 0, full: 0 } } = ingress.status();
  const { dropped = 0, oversized = 0 } = ingress.status();
  const quarantine = log.quarantineStatus();
  const { pending, unreceipted, failed } = await outbox.counts();
  return {
    asset_signals_outbox_pending: pending,
    asset_signals_outbox_unreceipted: unreceipted,
    asset_signals_outbox_failed: failed,
    asset_signals_publish_breaker: breakers.publish.level(),
    asset_signals_receipts_breaker: breakers.receipts.level(),
    asset_signals_publish_window: pace.window(),
    asset_signals_unrouted: receiving.unrouted.stuck(),
    asset_signals_immediate_in_time: inTime.Immediate ?? -1,
    asset_signals_minutes_in_time: inTime.Minutes ?? -1,
    asset_signals_batch_in_time: inTime.Batch ?? -1,
    asset_signals_log_position: await log.end(),
    asset_signals_decoded_in_full: decoded.judged,
    asset_signals_quarantine_bytes: quarantine.bytes,
    asset_signals_quarantine_dropped: quarantine.dropped,
    asset_signals_cursor_position: progress.position,
    asset_signals_snapshot_seconds: snapshot?.seconds ?? 0,
    asset_signals_snapshot_bytes: snapshot?.bytes ?? 0,
    asset_signals_devices_in_memory: state.engine.devices(),
    asset_signals_devices_on_disk: state.attic.size,
    asset_signals_ingress_listening: listening ? 1 : 0,
    asset_signals_ingress_window: window.size,
    asset_signals_ingress_window_full: window.full,
    asset_signals_ingress_dropped: dropped,
    asset_signals_ingress_oversized: oversized,
    asset_signals_org_reachable: org.reachable() ? 1 : 0,
    ...readLimits(view.limits()),
    ...readBudgets(view.budgets),
    asset_signals_identity_age_seconds:
      readAt === undefined ? -1 : Math.max(0, clock() - readAt) / 1_000,
    asset_signals_identity_devices: known.devices,
    asset_signals_identity_installations: known.installations,
    asset_signals_notices_listening: heard.listening ? 1 : 0,
    ...(charts !== undefined && {
      asset_signals_views_live: charts.live,
      asset_signals_telemetry_bytes: charts.window.bytes(),
      asset_signals_telemetry_devices: charts.window.devices(),
      asset_signals_telemetry_evicted: charts.window.evicted(),
    }),
  };
}

/** By budget, and what is held back by severity. */
function readBudgets({ status, held }: BudgetView) {
  const statuses = status();
  const byBudget = (valueOf: (one: BudgetStatus) => number) =>
    statuses.map((one) => ({ labels: { budget: one.name }, value: valueOf(one) }));
  return {
    asset_signals_budget_limit: byBudget(({ limit }) => limit),
    asset_signals_budget_used: byBudget(({ used }) => used),
    asset_signals_budget_left: byBudget(({ left }) => left),
    asset_signals_budget_runs_out_seconds: byBudget(({ runsOutInMs }) =>
      runsOutInMs === undefined ? -1 : runsOutInMs / 1_000,
    ),
    asset_signals_held_back: held().map(({ severity, reason, events }) => ({
      labels: { severity, reason },
      value: events,
    })),
  };
}

/** Those the org has named. */
function readLimits(limits: OrgLimits | undefined) {
  const { publishes, apiCalls, deliveries, storage } = limits ?? {};
  return {
    ...(publishes && { asset_signals_org_publishes_left: publishes.left }),
    ...(apiCalls && { asset_signals_org_api_calls_left: apiCalls.left }),
    ...(deliveries && { asset_signals_org_deliveries_left: deliveries.left }),
    ...(storage && { asset_signals_org_storage_mb_left: storage.left }),
  };
}
