/**
 * How long the rest will take if it goes on as it did so far: `about 3 min left`, under two minutes in seconds.
 * Nothing can be said before the first piece is done.
 *
 * @param share how much is done, 0 to 1
 */
export function timeLeft(elapsedMs: number, share: number): string {
  if (!(share > 0)) return 'time left not known yet';
  const seconds = Math.ceil(((elapsedMs / share) * Math.max(0, 1 - share)) / 1_000);
  return seconds < 120 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}
