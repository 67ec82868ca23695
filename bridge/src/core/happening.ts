import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Input, Verdict } from './detect/detector.ts';
import type { EpisodeEvent, EpisodeState } from './episode/episode.ts';
import type { Lane } from './layout/layout.ts';
import type { Point } from './state/rings.ts';

/** Something to be said, and all that is known about it. */
export interface Happening {
  readonly lane: Lane;
  readonly event: EpisodeEvent;
  /** The episode before this event. */
  readonly before: EpisodeState;
  readonly input: Readonly<Input>;
  readonly verdict: Readonly<Verdict>;
  /** The numbers of the detector, from `at` on. */
  readonly numbers: Float64Array;
  readonly at: number;
  readonly device: DeviceKey;
  readonly deviceType: string | undefined;
  readonly unit: string | undefined;
  readonly source: string;
  /** By the bridge's clock. */
  readonly noticedAt: EpochMs;
  /** Of the series, oldest first. */
  readonly points: readonly Point[];
}
