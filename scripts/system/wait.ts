/** Asks again and again until the answer is not undefined; fails with `what` after the time. */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs: number,
  everyMs = 100,
): Promise<T> {
  const end = Date.now() + withinMs;
  let trouble = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      trouble = `; last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s${trouble}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
