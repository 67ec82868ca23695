import { toEpochMs } from '../../model/brand.ts';
import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import { pointsBetween } from './buckets.ts';
import { encodeChart } from './series.ts';
import { shorten, sayTime } from './words.ts';
import type { HeldMetric, TelemetryWindow } from './window.ts';

/** What somebody looking at an asset wants to see. */
export interface ViewQuestion {
  /** The devices on the asset, in the order of their names. */
  readonly devices: readonly DeviceKey[];
  /** Empty: all. */
  readonly metrics: readonly string[];
  readonly rangeMs: number;
}

export interface ViewAnswer {
  /** The text of `Series__c`; undefined where there can be none. */
  readonly series: string | undefined;
  /** The newest reading held of any device of the asset. */
  readonly lastReadingAt: EpochMs | undefined;
  /** Why something is missing, in plain words; empty where nothing is. At most 255 characters. */
  readonly message: string;
}

/**
 * How far ahead a device's clock may be without losing its newest points: a drawing ends at the
 * newest reading then. Further ahead is a wrong clock and must not push the other lines aside.
 */
const AHEAD_MS = 60_000;
/** How often a drawing of a silent device moves on: a tenth of its range is one place on an axis. */
const MOVES_PER_RANGE = 10;

/** Answers a question from what is in memory. */
export function answerView(
  window: TelemetryWindow,
  question: ViewQuestion,
  now: EpochMs,
): ViewAnswer {
  const { devices, metrics: wanted, rangeMs } = question;
  if (devices.length === 0) {
    return {
      series: undefined,
      lastReadingAt: undefined,
      message: 'No device is on this asset: no Signal Device names it.',
    };
  }
  const held = heldOf(window, devices);
  const newest = held.reduce((latest, { metric }) => Math.max(latest, metric.buckets.lastAt), 0);
  const lastReadingAt = newest === 0 ? undefined : toEpochMs(newest);
  const names = [...new Set(held.map(({ metric }) => metric.name))].toSorted();
  const chosen = held.filter(({ metric }) => wanted.length === 0 || wanted.includes(metric.name));
  const to = Math.max(now, Math.min(newest, now + AHEAD_MS));
  const from = to - rangeMs;
  const series = chosen
    .map(({ device, metric }) => ({
      device,
      metric: metric.name,
      unit: metric.unit,
      readings: metric.buckets.readings,
      points: pointsBetween(metric.buckets, from, to),
    }))
    .filter(({ points }) => points.ats.length > 0);
  const { text, shown, named } = encodeChart({ from, to, metrics: names, series });
  const unknown = wanted.filter((name) => !names.includes(name));
  const message =
    names.length === 0
      ? `No readings from ${sayNames(devices)} in the last hour.`
      : unknown.length > 0
        ? `No readings named ${sayNames(unknown)} here; there are ${sayNames(names)}.`
        : series.length === 0
          ? `No readings in the last ${sayMinutes(rangeMs)}; the newest is from ${sayTime(newest)}.`
          : shown < series.length
            ? `${shown} of ${series.length} lines fit; choose fewer metrics to see the others.`
            : named < names.length
              ? `${named} of ${names.length} metric names fit in the list.`
              : '';
  return { series: text, lastReadingAt, message: shorten(message) };
}

/**
 * A text that is another one whenever an answer says something new: another question, a further
 * reading, or so much time that the drawing has to move on.
 */
export function fingerprint(
  window: TelemetryWindow,
  { devices, metrics, rangeMs }: ViewQuestion,
  now: EpochMs,
): string {
  const held = heldOf(window, devices).map(({ metric: { name, buckets } }) => [
    name,
    buckets.readings,
    buckets.lastAt,
  ]);
  const moves = Math.floor((now * MOVES_PER_RANGE) / rangeMs);
  return JSON.stringify([devices, metrics, rangeMs, moves, held]);
}

interface HeldBy {
  readonly device: DeviceKey;
  readonly metric: HeldMetric;
}

function heldOf(window: TelemetryWindow, devices: readonly DeviceKey[]): readonly HeldBy[] {
  return devices.flatMap((device) =>
    window.metrics(device).map((metric): HeldBy => ({ device, metric })),
  );
}

/** More names than this are a list nobody reads. */
const MOST_SAID = 5;

function sayNames(names: readonly string[]): string {
  const said = names.slice(0, MOST_SAID).join(', ');
  return names.length > MOST_SAID ? `${said} and ${names.length - MOST_SAID} more` : said;
}

function sayMinutes(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes === 1 ? 'minute' : `${minutes} minutes`;
}
