/** Where a number on the screen or in `--json` comes from. */
export interface NumberSource {
  /** Its name on the screen. */
  readonly label: string;
  /** The field of `--json` that means the same, if there is one. */
  readonly field?: string;
  readonly live:
    /** The sum of a metric of the bridge's `/metrics`, of the series that have the label. */
    | {
        readonly kind: 'metric';
        readonly metric: string;
        readonly label?: readonly [name: string, value: string];
      }
    /** How many records a query finds in the org. */
    | { readonly kind: 'records'; readonly soql: string }
    /** Lines of the fleet's own log. */
    | { readonly kind: 'fleet'; readonly line: string };
  /** What the verifier counts for `--json`, in words. */
  readonly counted: string;
}

const metric = (name: string, label?: readonly [string, string]): NumberSource['live'] => ({
  kind: 'metric',
  metric: name,
  ...(label === undefined ? {} : { label }),
});

/** Every number of the live picture and of `--json`; the handbook's table is made from this. */
export const numberTable = {
  readings: {
    label: 'readings',
    field: 'readings',
    live: metric('asset_signals_readings_total'),
    counted: 'messages the broker acknowledged to the fleet (`fleet.ndjson`, lines `reading`)',
  },
  quarantined: {
    label: 'quarantined',
    field: 'quarantined',
    live: metric('asset_signals_quarantined_total'),
    counted: "rows of the table `quarantine` in the bridge's file",
  },
  opened: {
    label: 'opened',
    field: 'signals.opened',
    live: metric('asset_signals_signals_total', ['phase', 'Opened']),
    counted: "rows of the table `outbox` in the bridge's file with phase Opened",
  },
  updated: {
    label: 'updated',
    field: 'signals.updated',
    live: metric('asset_signals_signals_total', ['phase', 'Updated']),
    counted: 'the same with phase Updated',
  },
  cleared: {
    label: 'cleared',
    field: 'signals.cleared',
    live: metric('asset_signals_signals_total', ['phase', 'Cleared']),
    counted: 'the same with phase Cleared',
  },
  published: {
    label: 'published',
    field: 'published',
    live: metric('asset_signals_published_total'),
    counted: 'rows of `outbox` with a time of publication; a repeat does not count again',
  },
  acted: {
    label: 'acted',
    field: 'acted',
    live: metric('asset_signals_receipts_total', ['disposition', 'Acted']),
    counted: 'signals whose `Asset_Signal__c` has the disposition Acted',
  },
  suppressed: {
    label: 'suppressed',
    field: 'suppressed',
    live: metric('asset_signals_receipts_total', ['disposition', 'Suppressed']),
    counted: 'the same with Suppressed and a reason',
  },
  failed: {
    label: 'failed',
    field: 'failed',
    live: metric('asset_signals_receipts_total', ['disposition', 'Failed']),
    counted: 'the same with Failed and a reason, or with a `Signal_Failure__c`',
  },
  faults: {
    label: 'faults',
    field: 'faults',
    live: { kind: 'fleet', line: 'fault' },
    counted: 'faults the fleet injected (`fleet.ndjson`, lines `fault`)',
  },
  cases: {
    label: 'Cases',
    field: 'cases',
    live: { kind: 'records', soql: 'SELECT COUNT() FROM Case' },
    counted: 'records of `Case`',
  },
} as const satisfies Readonly<Record<string, NumberSource>>;

export type NumberName = keyof typeof numberTable;

/** The numbers as a Markdown table, for the handbook. */
export function describeNumbers(): string {
  const rows = Object.values<NumberSource>(numberTable).map(
    ({ label, field, live, counted }) =>
      `| ${label} | ${describeLive(live)} | \`${field ?? ''}\` | ${counted} |`,
  );
  return [
    '| on the screen | live, from | in `--json` | counted at the end from |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function describeLive(live: NumberSource['live']): string {
  switch (live.kind) {
    case 'metric': {
      const label = live.label === undefined ? '' : `{${live.label[0]}="${live.label[1]}"}`;
      return `\`${live.metric}${label}\``;
    }
    case 'records':
      return `\`${live.soql}\``;
    case 'fleet':
      return `\`fleet.ndjson\`, lines \`${live.line}\``;
  }
}
