import type { Imaged } from './imaged.ts';

/**
 * All that the engine knows: large parts, by name, that are imaged piece by piece, and words (JSON, a few KB)
 * that say how to read them: layouts, the policies and detectors of their lanes, and the rules they were made by.
 */
export interface EngineImage {
  readonly parts: Readonly<Record<string, Imaged>>;
  /** The words of this moment. */
  words(): string;
  /**
   * At start, after all parts were loaded: takes the words they were saved with, and with them the rules of then. Where
   * they say nothing of rules, what fits the policies of now
   * goes on, by policy key, metric and kind of detector; the rest is dropped. Throws where the words cannot be read.
   */
  restore(words: string): void;
}
