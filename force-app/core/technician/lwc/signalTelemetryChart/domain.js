/* Below this a screen shows a few readings only; there is nothing more to see. */
const SHORTEST_MS = 5000;

/** What is looked at: everything, growing with it. `end` undefined follows the newest reading. */
export const EVERYTHING = Object.freeze({ span: undefined, end: undefined });

/** The window `{ from, to }` that `look` shows of what lies between `from` and `to` (ms). */
export function windowOf(look, from, to) {
  const span = Math.min(look.span ?? to - from, to - from);
  const end = Math.min(Math.max(look.end ?? to, from + span), to);
  return { from: end - span, to: end };
}

/** `look` with its window `factor` times as long, the moment `at` staying where it is on the screen. */
export function zoomed(look, from, to, factor, at) {
  const shown = windowOf(look, from, to);
  const span = Math.max((shown.to - shown.from) * factor, Math.min(SHORTEST_MS, to - from));
  if (span >= to - from) return EVERYTHING;
  const share = (at - shown.from) / (shown.to - shown.from);
  return following({ span, end: at + (1 - share) * span }, to);
}

/** `look` moved by `byMs`, later when positive, as far as there is something to see. */
export function panned(look, from, to, byMs) {
  const shown = windowOf(look, from, to);
  const span = shown.to - shown.from;
  if (span >= to - from) return EVERYTHING;
  return following({ span, end: Math.max(shown.to + byMs, from + span) }, to);
}

/* At the newest end a window keeps following what comes in. */
function following({ span, end }, to) {
  return { span, end: end >= to ? undefined : end };
}
