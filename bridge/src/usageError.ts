/** A command line that makes no sense; the text says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
