import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEngine } from '../bridge/src/core/engine.ts';
import { parseTime } from '../bridge/src/core/decode/time.ts';
import { toDeviceKey, toEpochMs } from '../bridge/src/model/brand.ts';
import type { EpochMs } from '../bridge/src/model/brand.ts';
import type { Policy } from '../bridge/src/model/policy.ts';

const VALUE = { names: ['value'], units: [undefined] };

/** A span of time, milliseconds, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A recording of the Numenta Anomaly Benchmark with its labelled windows. */
export interface Recording {
  /** `realKnownCause/ambient_temperature_system_failure.csv` */
  readonly name: string;
  readonly rows: readonly { readonly at: EpochMs; readonly value: number }[];
  readonly windows: readonly Span[];
}

/** What one policy made of one recording. */
export interface Outcome {
  readonly episodes: number;
  /** Labelled windows in which an episode began, and all of them. */
  readonly hit: number;
  readonly windows: number;
  /** Episodes that began in no window. */
  readonly outside: number;
  /** Share of the time outside of the windows that episodes cover, 0 to 1. */
  readonly coverage: number;
  /** Length of the recording in days. */
  readonly days: number;
}

/** All recordings below `folder`, which holds `data` and `labels` as the benchmark does. */
export function readRecordings(folder: string): readonly Recording[] {
  const labels = new Map(
    Object.entries(
      JSON.parse(readFileSync(join(folder, 'labels', 'combined_windows.json'), 'utf8')) as Readonly<
        Record<string, readonly (readonly [string, string])[]>
      >,
    ),
  );
  const data = join(folder, 'data');
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .toSorted()
    .map((name) => ({
      name,
      rows: readFileSync(join(data, name), 'utf8').trim().split('\n').slice(1).map(toRow),
      windows: (labels.get(name) ?? []).map(([from, to]) => ({
        from: toTime(from),
        to: toTime(to),
      })),
    }));
}

function toRow(line: string): Recording['rows'][number] {
  const [time = '', value = ''] = line.split(',');
  return { at: toTime(time), value: Number(value) };
}

function toTime(text: string): EpochMs {
  const time = parseTime(text, 'iso');
  if (!time.ok) throw new Error(`a time of the recording ${time.error.reason}`);
  return time.value;
}

/** Plays `recording` as one metric of one device without a type and judges each policy's episodes. */
export function playRecording(
  recording: Recording,
  policies: readonly Policy[],
): ReadonlyMap<string, Outcome> {
  const engine = makeEngine(policies);
  const episodes = new Map(policies.map(({ key }) => [key, [] as { from: number; to: number }[]]));
  const end = recording.rows.at(-1)?.at ?? toEpochMs(0);
  for (const { at, value } of recording.rows) {
    const signals = engine.accept(
      {
        device: toDeviceKey('recording'),
        at,
        receivedAt: at,
        metrics: VALUE,
        values: [value],
        source: 'recording',
      },
      at,
    );
    for (const { policyKey, phase, occurredAt } of signals) {
      const mine = episodes.get(policyKey) ?? [];
      const last = mine.at(-1);
      if (phase === 'Opened') mine.push({ from: occurredAt, to: end });
      else if (phase === 'Cleared' && last !== undefined) last.to = occurredAt;
    }
  }
  return new Map([...episodes].map(([key, spans]) => [key, judge(recording, spans)]));
}

function judge({ rows, windows }: Recording, episodes: readonly Span[]): Outcome {
  const whole = { from: rows[0]?.at ?? 0, to: rows.at(-1)?.at ?? 0 };
  const within = (span: Span) => episodes.some(({ from }) => from >= span.from && from <= span.to);
  const insideMs = sum(windows.map((window) => overlap(window, whole)));
  const coveredMs = sum(
    episodes.map(
      (episode) =>
        episode.to - episode.from - sum(windows.map((window) => overlap(window, episode))),
    ),
  );
  return {
    episodes: episodes.length,
    hit: windows.filter(within).length,
    windows: windows.length,
    outside: episodes.filter(
      ({ from }) => !windows.some((window) => from >= window.from && from <= window.to),
    ).length,
    coverage: coveredMs / (whole.to - whole.from - insideMs),
    days: (whole.to - whole.from) / 86_400_000,
  };
}

function overlap(one: Span, other: Span): number {
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
