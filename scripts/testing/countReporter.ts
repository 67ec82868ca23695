import { readSummary } from './counts.ts';

/** A reporter for `node --test` that writes nothing but the counts of the whole run, as JSON. */
export default async function* countReporter(
  events: AsyncIterable<{ readonly type: string; readonly data?: unknown }>,
): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    const counts = type === 'test:summary' ? readSummary(data) : undefined;
    if (counts !== undefined) yield JSON.stringify(counts);
  }
}
