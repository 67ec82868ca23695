/** What a stretch of fuzzing came to. The same seed gives the same. */
export interface RoundCounts {
  /** Frames, or payloads. */
  readonly tried: number;
  /** Read as what they are. */
  readonly read: number;
  /** Refused, each with its reason. */
  readonly refused: number;
}

export type Round = (seed: number) => RoundCounts;

/** Something that must never happen did; the text says what, with enough to see it again. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
