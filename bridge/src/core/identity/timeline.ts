import type { EpochMs } from '../../model/brand.ts';
import type { Span } from '../../model/identity.ts';

/** What a timeline says of one moment. */
export type Moment<T> =
  | { readonly kind: 'one'; readonly span: T }
  /** Nobody keeps this timeline: it has no spans at all. */
  | { readonly kind: 'unkept' }
  /** There are spans, and none of them holds the moment. */
  | { readonly kind: 'gap' }
  /** They contradict each other. */
  | { readonly kind: 'overlap'; readonly spans: readonly T[] };

/** What the spans of one device or one Asset, in any order, say of a moment. */
export function momentOf<T extends Span>(spans: readonly T[], at: EpochMs): Moment<T> {
  const holding = spans.filter(({ from, to }) => from <= at && (to === undefined || at < to));
  const [span] = holding;
  if (span === undefined) return { kind: spans.length === 0 ? 'unkept' : 'gap' };
  return holding.length === 1 ? { kind: 'one', span } : { kind: 'overlap', spans: holding };
}
