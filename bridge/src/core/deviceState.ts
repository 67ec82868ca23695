import { quiet } from './episode/episode.ts';
import type { EpisodeState } from './episode/episode.ts';
import { fieldsOf, listOf, numberOf, textOf } from './fields.ts';
import type { Point } from './state/rings.ts';

/** Raised when the shape below changes in a way older states do not fit. */
const VERSION = 1;

/** What is kept of a device between two runs of the bridge. */
export interface SavedDevice {
  /** Listened time of the last message; judges silence. */
  readonly heardAt: number;
  /** Bridge time of the last message. */
  readonly receivedAt: number;
  readonly deviceType: string | undefined;
  /** Name of the mapping of the last message. */
  readonly source: string;
  readonly metrics: readonly SavedMetric[];
  readonly lanes: readonly SavedLane[];
}

export interface SavedMetric {
  readonly name: string;
  /** Device time of the newest value; -Infinity before the first. */
  readonly lastAt: number;
  readonly points: readonly Point[];
}

export interface SavedLane {
  readonly policyKey: string;
  /** Of `StandingPolicy`. */
  readonly since: number;
  readonly metric: string | undefined;
  /** The numbers of the detector; whether they fit is for the detector to say. */
  readonly judge: unknown;
  readonly episode: EpisodeState;
}

/** The state as text. Names are values, never keys, so a metric may be called `__proto__`. */
export function writeDevice(saved: SavedDevice): string {
  return JSON.stringify({ version: VERSION, ...saved });
}

/** Reads what `writeDevice` wrote; throws where it did not. */
export function readDevice(text: string): SavedDevice {
  const root = fieldsOf(JSON.parse(text), 'state');
  if (root.get('version') !== VERSION) {
    throw new Error(`the state has version ${String(root.get('version'))}; ${VERSION} is known`);
  }
  return {
    heardAt: numberOf(root, 'heardAt'),
    receivedAt: numberOf(root, 'receivedAt'),
    deviceType: textOf(root, 'deviceType'),
    source: textOf(root, 'source') ?? '',
    metrics: listOf(root.get('metrics'), 'metrics').map(readMetric),
    lanes: listOf(root.get('lanes'), 'lanes').map(readLane),
  };
}

function readMetric(value: unknown): SavedMetric {
  const fields = fieldsOf(value, 'metrics');
  const points = listOf(fields.get('points'), 'points').map(readPoint);
  const lastAt = fields.get('lastAt');
  return {
    name: textOf(fields, 'name') ?? '',
    // A state of a bridge that kept the points of every series has it there.
    lastAt: typeof lastAt === 'number' ? lastAt : (points.at(-1)?.[0] ?? -Infinity),
    points,
  };
}

function readPoint(value: unknown): Point {
  const [at, number] = listOf(value, 'points');
  if (typeof at === 'number' && typeof number === 'number') return [at, number];
  throw new Error('the state has a point that is not two numbers');
}

function readLane(value: unknown): SavedLane {
  const fields = fieldsOf(value, 'lanes');
  return {
    policyKey: textOf(fields, 'policyKey') ?? '',
    since: fields.has('since') ? numberOf(fields, 'since') : 0,
    metric: textOf(fields, 'metric'),
    judge: fields.get('judge'),
    episode: readEpisode(fields.get('episode')),
  };
}

function readEpisode(value: unknown): EpisodeState {
  const fields = fieldsOf(value, 'episode');
  const names = Object.keys(quiet) as (keyof EpisodeState)[];
  const entries = names.map((name) => [name, numberOf(fields, name)] as const);
  return { ...quiet, ...Object.fromEntries(entries) };
}
