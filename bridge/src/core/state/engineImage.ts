import type { Imaged } from './imaged.ts';

/** Names of the parts of an image, in the order they are loaded. */
export const partNames = ['keys', 'places', 'blocks'] as const;
export type PartName = (typeof partNames)[number];

/**
 * All that the engine knows: large parts that are imaged piece by piece, and words (JSON, a few KB) that
 * say how to read them: layouts, the policies and detectors of their lanes, interned texts.
 */
export interface EngineImage {
  readonly parts: Readonly<Record<PartName, Imaged>>;
  /** The words of this moment. */
  words(): string;
  /**
   * At start, after all parts were loaded: takes the words they were saved with. What fits the policies of now
   * goes on, by policy key, metric and kind of detector; the rest is dropped. Throws where the words cannot be read.
   */
  restore(words: string): void;
}
