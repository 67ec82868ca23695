/** See progress.mjs. */
export function showProgress(
  text: () => string,
  output?: NodeJS.WriteStream,
): { done(lastWord: string): void; stop(): void };
