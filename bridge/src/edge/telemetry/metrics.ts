import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { latencyClasses } from '../../model/policy.ts';
import type { Counters } from '../../ports/telemetry.ts';
import { makeEventCounter } from './eventCounter.ts';
import { metricTable } from './metricTable.ts';
import type { Described, MetricName } from './metricTable.ts';

/** Values read when the metrics are asked for. */
export type Gauges = () => Promise<Partial<Record<MetricName, number | readonly Series[]>>>;

/** The value of one set of labels; sets that are no longer named are no longer shown. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metrics {
  readonly counters: Counters;
  /** The Prometheus text format. */
  expose(): Promise<string>;
  readonly contentType: string;
}

/** The bridge's own registry; nothing global, so that tests and processes do not mix. */
export function makeMetrics(readGauges: Gauges): Metrics {
  const registry = new Registry();
  const counter = <L extends string>(name: MetricName, labelNames: readonly L[]) =>
    new Counter({ name, help: metricTable[name].help, labelNames, registers: [registry] });
  const readings = counter('asset_signals_readings_total', ['source']);
  const quarantined = counter('asset_signals_quarantined_total', ['kind']);
  const signals = counter('asset_signals_signals_total', ['phase']);
  const published = counter('asset_signals_published_total', []);
  const failures = counter('asset_signals_publish_failures_total', ['outcome']);
  const duplicates = counter('asset_signals_duplicates_total', ['of']);
  const suppressed = counter('asset_signals_suppressed_total', ['reason', 'severity']);
  const perEvent = (name: MetricName, label: string) =>
    makeEventCounter({ name, help: metricTable[name].help, label, registry });
  const attributed = perEvent('asset_signals_attributed_total', 'outcome');
  const reattributed = counter('asset_signals_reattributed_total', []);
  const receipts = perEvent('asset_signals_receipts_total', 'disposition');
  const actedIn = makeActionTimes(registry);
  const listening = counter('asset_signals_listening_seconds_total', []);
  const notices = counter('asset_signals_notices_total', ['kind']);
  const noticeTroubles = counter('asset_signals_notice_troubles_total', ['kind']);
  const reconnects = counter('asset_signals_notice_reconnects_total', []);
  const viewsWritten = counter('asset_signals_views_written_total', ['outcome']);
  const heartbeats = counter('asset_signals_heartbeats_total', ['outcome']);
  const telemetryCalls = counter('asset_signals_telemetry_calls_total', []);
  const gauges = new Map<string, Gauge>();
  for (const [name, { help, labels }] of Object.entries<Described>(metricTable)) {
    if (!name.endsWith('_total') && name !== ACTION_TIMES)
      gauges.set(name, new Gauge({ name, help, labelNames: labels, registers: [registry] }));
  }

  return {
    counters: {
      readingAccepted: (source, count) => readings.inc({ source }, count),
      messageQuarantined: (kind, count) => quarantined.inc({ kind }, count),
      signalRecorded: (phase, count) => signals.inc({ phase }, count),
      eventPublished: () => published.inc(),
      publishFailed: (outcome) => failures.inc({ outcome }),
      duplicatesSeen: (of, count) => duplicates.inc({ of }, count),
      eventsSuppressed: (reason, severity, count) => suppressed.inc({ reason, severity }, count),
      eventAttributed: attributed,
      signalsReattributed: (count) => reattributed.inc(count),
      receiptSeen: receipts,
      eventActed: actedIn,
      listened: (milliseconds) => listening.inc(milliseconds / 1_000),
      noticeTaken: (kind) => notices.inc({ kind }),
      noticeTrouble: (kind) => noticeTroubles.inc({ kind }),
      noticesReconnected: () => reconnects.inc(),
      viewWritten: (outcome) => viewsWritten.inc({ outcome }),
      heartbeatSent: (outcome) => heartbeats.inc({ outcome }),
      telemetryCalls: (calls) => telemetryCalls.inc(calls),
    },
    async expose() {
      for (const [name, value] of Object.entries(await readGauges())) {
        const gauge = gauges.get(name);
        if (typeof value === 'number') gauge?.set(value);
        else {
          gauge?.reset();
          for (const series of value) gauge?.set(series.labels, series.value);
        }
      }
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

const ACTION_TIMES = 'asset_signals_event_to_action_seconds';
/** Around the budgets of the classes: seconds for Immediate, minutes, and an hour and a half for Batch. */
const ACTION_SECONDS = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 5_400, 21_600, 86_400];

/** Its series are looked up once, not for each event. */
function makeActionTimes(registry: Registry): Counters['eventActed'] {
  const { help } = metricTable[ACTION_TIMES];
  const times = new Histogram({
    ...{ name: ACTION_TIMES, help, labelNames: ['class'], buckets: ACTION_SECONDS },
    registers: [registry],
  });
  const series = new Map(latencyClasses.map((name) => [name, times.labels(name)]));
  return (name, seconds) => series.get(name)?.observe(seconds);
}
