/** What a metric says, and by what it is told apart. */
export interface Described {
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric of the bridge; the handbook's table is made from this. */
export const metricTable = {
  asset_signals_readings_total: {
    help: 'Messages that became readings and are in the durable log, by mapping.',
    labels: ['source'],
  },
  asset_signals_decoded_in_full: {
    help: 'Messages since the start that looked like none before them, or were refused: more CPU than the rest.',
    labels: [],
  },
  asset_signals_quarantined_total: {
    help: 'Messages kept in quarantine, by kind of rejection.',
    labels: ['kind'],
  },
  asset_signals_quarantine_bytes: {
    help: 'Bytes of topics and payloads in quarantine.',
    labels: [],
  },
  asset_signals_quarantine_dropped: {
    help: 'Messages that left the quarantine since the start, for their age or for want of room.',
    labels: [],
  },
  asset_signals_signals_total: {
    help: 'Signals recorded in the outbox, by phase of their episode.',
    labels: ['phase'],
  },
  asset_signals_duplicates_total: {
    help: 'What was there already: readings (of the same device, metric and time; judged once) and signals (judged again after a crash; published once).',
    labels: ['of'],
  },
  asset_signals_published_total: {
    help: 'Events the event bus has accepted; a repeat counts again.',
    labels: [],
  },
  asset_signals_publish_failures_total: {
    help: 'Tries of one event that failed: retry (tried again) or permanent (a dead letter).',
    labels: ['outcome'],
  },
  asset_signals_receipts_total: {
    help: 'What the org did with events: Acted, Suppressed, Failed or Missing.',
    labels: ['disposition'],
  },
  asset_signals_event_to_action_seconds: {
    help: 'Histogram: from when the bridge noticed what an event says to when it knew that the org had acted on it or suppressed it, by its own clock; by latency class.',
    labels: ['class'],
  },
  asset_signals_immediate_in_time: {
    help: 'Part of the Immediate events of the last 10 to 20 minutes, 0 to 1, that were acted on within the budget of their class; -1 where there were none.',
    labels: [],
  },
  asset_signals_minutes_in_time: {
    help: 'The same of the class Minutes.',
    labels: [],
  },
  asset_signals_batch_in_time: {
    help: 'The same of the class Batch.',
    labels: [],
  },
  asset_signals_unrouted: {
    help: 'Signals the org has and does not route, also when the bridge has asked for it again.',
    labels: [],
  },
  asset_signals_suppressed_total: {
    help: 'Events that are never published: coalesced (a later event of their episode says as much), over-before-told, waited-too-long (more waited than the budgets carry) or beginning-not-told.',
    labels: ['reason', 'severity'],
  },
  asset_signals_attributed_total: {
    help: 'Events by whom they are about: matched (their Asset was known), unmatched (unknown or not certain), left-to-org (no copy of the devices to rely on). A repeat counts again.',
    labels: ['outcome'],
  },
  asset_signals_reattributed_total: {
    help: 'Signals in the org that got their Asset or Account later, because somebody mapped the device.',
    labels: [],
  },
  asset_signals_identity_age_seconds: {
    help: 'Since the copy of devices and owners was last current; -1 before it was read.',
    labels: [],
  },
  asset_signals_identity_devices: {
    help: 'Devices in the copy.',
    labels: [],
  },
  asset_signals_identity_installations: {
    help: 'Installations in the copy.',
    labels: [],
  },
  asset_signals_outbox_pending: {
    help: 'Events waiting to be published.',
    labels: [],
  },
  asset_signals_outbox_unreceipted: {
    help: 'Published events the org has not said anything about yet.',
    labels: [],
  },
  asset_signals_outbox_failed: {
    help: 'Dead letters: events the org would not take.',
    labels: [],
  },
  asset_signals_publish_breaker: {
    help: 'Publishing to the org: 0 goes on, 1 is tried again, 2 pauses until the org answers.',
    labels: [],
  },
  asset_signals_receipts_breaker: {
    help: 'Asking the org what became of events: 0 goes on, 2 pauses until the org answers.',
    labels: [],
  },
  asset_signals_publish_window: {
    help: 'Events that may be published without a receipt now; grows while receipts keep up.',
    labels: [],
  },
  asset_signals_log_position: {
    help: 'Position of the newest message in the durable log.',
    labels: [],
  },
  asset_signals_cursor_position: {
    help: 'Position up to which detection has processed the log.',
    labels: [],
  },
  asset_signals_snapshot_seconds: {
    help: 'What the last snapshot of the state of detection took.',
    labels: [],
  },
  asset_signals_snapshot_bytes: {
    help: 'Size of the last snapshot on disk.',
    labels: [],
  },
  asset_signals_devices_in_memory: {
    help: 'Devices detection has in memory.',
    labels: [],
  },
  asset_signals_devices_on_disk: {
    help: 'Devices that were silent for long and are on disk until they are heard.',
    labels: [],
  },
  asset_signals_listening_seconds_total: {
    help: 'Time since the start in which devices could be heard.',
    labels: [],
  },
  asset_signals_ingress_listening: {
    help: '1 while connected to the broker with all subscriptions, else 0.',
    labels: [],
  },
  asset_signals_ingress_window: {
    help: "The most messages of one broker connection that were unacknowledged at once in the last ten seconds: where the next one is near 1, the broker's limit.",
    labels: [],
  },
  asset_signals_ingress_window_full: {
    help: 'Part of the last ten seconds, 0 to 1, in which a broker could send no more because that many were unacknowledged.',
    labels: [],
  },
  asset_signals_ingress_dropped: {
    help: 'Messages of QoS 0 dropped since the start because the disk or detection could not keep up.',
    labels: [],
  },
  asset_signals_ingress_oversized: {
    help: 'Messages larger than mqtt.maxPacketSize since the start; their beginning is in quarantine.',
    labels: [],
  },
  asset_signals_org_reachable: {
    help: '1 while the org answers, else 0.',
    labels: [],
  },
  asset_signals_heartbeats_total: {
    help: 'Reports of the bridge to the org, by outcome: taken or failed.',
    labels: ['outcome'],
  },
  asset_signals_org_publishes_left: {
    help: 'Events all of the org may still publish in the hour, as it last said.',
    labels: [],
  },
  asset_signals_org_api_calls_left: {
    help: 'API calls all of the org may still make in the day, as it last said.',
    labels: [],
  },
  asset_signals_org_deliveries_left: {
    help: 'Events that may still be delivered to all subscribers of the org in the day, as it last said.',
    labels: [],
  },
  asset_signals_org_storage_mb_left: {
    help: 'Megabytes of data storage that are left in the org, as it last said.',
    labels: [],
  },
  asset_signals_budget_limit: {
    help: 'What this bridge may use in the window of the budget, by budget: publishes (an hour), apiCalls, deliveries, signalRows (a day).',
    labels: ['budget'],
  },
  asset_signals_budget_used: {
    help: 'What it has used in the window that ends now, by budget.',
    labels: ['budget'],
  },
  asset_signals_budget_left: {
    help: 'What it may use now, by budget: of its share, and of what the org says is left for all.',
    labels: ['budget'],
  },
  asset_signals_budget_runs_out_seconds: {
    help: 'When the budget is used up at the pace of now, by budget; -1 where it does not run out.',
    labels: ['budget'],
  },
  asset_signals_held_back: {
    help: 'Events whose turn it is and that wait for want of a budget, by severity and reason (the budget).',
    labels: ['severity', 'reason'],
  },
  asset_signals_notices_total: {
    help: 'Notices of the org, by kind: Telemetry, Identity, Policy, or other (nothing the bridge acts on).',
    labels: ['kind'],
  },
  asset_signals_notice_troubles_total: {
    help: 'Trouble with notices: lost-place (the org forgot where the bridge was), unreadable (left out), not-kept (disk).',
    labels: ['kind'],
  },
  asset_signals_notice_reconnects_total: {
    help: 'Subscriptions to notices that ended and were made anew.',
    labels: [],
  },
  asset_signals_notices_listening: {
    help: '1 while subscribed to the notices of the org, else 0.',
    labels: [],
  },
  asset_signals_views_live: {
    help: 'Telemetry views somebody is looking at.',
    labels: [],
  },
  asset_signals_views_written_total: {
    help: 'Writes of telemetry views: written, gone (deleted meanwhile) or refused.',
    labels: ['outcome'],
  },
  asset_signals_telemetry_calls_total: {
    help: 'API calls made for telemetry views.',
    labels: [],
  },
  asset_signals_telemetry_bytes: {
    help: 'Memory in use for the last hour of readings.',
    labels: [],
  },
  asset_signals_telemetry_devices: {
    help: 'Devices whose last hour is in memory.',
    labels: [],
  },
  asset_signals_telemetry_evicted: {
    help: 'Devices whose last hour had to leave memory for others since the start.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Described>>;

export type MetricName = keyof typeof metricTable;

/** The metrics as a Markdown table, for the handbook. */
export function describeMetrics(): string {
  const rows = Object.entries<Described>(metricTable).map(
    ([name, { help, labels }]) => `| \`${name}\` | ${labels.join(', ')} | ${help} |`,
  );
  return ['| metric | labels | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
