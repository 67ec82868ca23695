import { differences, same } from './line.ts';
import type { Line } from './line.ts';
import type { Evidence } from './evidence.ts';

/** Messages that are in the log more often than their devices sent them, and how many times more. */
export function sentAgain({ sent, logged }: Pick<Evidence, 'sent' | 'logged'>) {
  const timesSent = countOf(sent.map(({ id }) => id));
  return [...countOf(logged)].flatMap(([id, count]) => {
    const more = count - (timesSent.get(id) ?? 0);
    return more > 0 ? [{ id, more }] : [];
  });
}

function countOf(ids: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Every message that was sent is in the log or in quarantine; what is there twice was sent twice. */
export function accountReadings(evidence: Evidence): readonly Line[] {
  const { sent, logged, quarantined, cut, cutEnd } = evidence;
  const part = 'readings';
  const name = (id: number): string => `message ${id}`;
  const ids = (kind: string | undefined) =>
    new Set(sent.filter((one) => one.kind === kind).map(({ id }) => id));
  const [readings, inLog] = [ids(undefined), new Set(logged)];
  const kinds = [...new Set([...sent, ...quarantined].flatMap(({ kind }) => kind ?? []))];

  const [copies, timesSent] = [countOf(logged), countOf(sent.map(({ id }) => id))];
  const twice = [...timesSent].filter(([, times]) => times > 1).map(([id]) => id);
  const aroundCut = new Set(sent.filter(({ at }) => at >= cut && at < cutEnd).map(({ id }) => id));
  const again = sentAgain(evidence);
  return [
    {
      ...{ part, what: 'readings sent → in the log', expected: readings.size, counted: inLog.size },
      wrong: differences(readings, inLog, name),
    },
    ...kinds.toSorted().map((kind): Line => {
      const found = quarantined.filter((one) => one.kind === kind).map(({ id }) => id);
      const wanted = ids(kind);
      const wrong = differences(wanted, new Set(found), name);
      const what = `sent as ${kind} → in quarantine for it`;
      return { part, what, expected: wanted.size, counted: found.length, wrong };
    }),
    {
      ...{ part, what: 'sent twice by their devices → twice in the log' },
      expected: twice.length,
      counted: twice.filter((id) => (copies.get(id) ?? 0) > 1).length,
      wrong: twice.filter((id) => (copies.get(id) ?? 0) < 2).map(name),
    },
    {
      ...{ part, what: 'sent again by the broker, when its connection was cut' },
      expected: again.length,
      counted: again.filter(({ id }) => aroundCut.has(id)).length,
      wrong: again
        .filter(({ id }) => !aroundCut.has(id))
        .map(({ id }) => `${name(id)} at another time`),
    },
    same(
      part,
      'all that was sent, and sent again → all there is',
      sent.length + again.reduce((sum, { more }) => sum + more, 0),
      logged.length + quarantined.length,
    ),
  ];
}
