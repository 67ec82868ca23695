import { differences, same } from './line.ts';
import type { Line } from './line.ts';
import type { Evidence, OutboxRow } from './evidence.ts';
import type { ExpectedEpisode } from './model.ts';
import { MINUTE } from './times.ts';

/** What is Critical is on its way within this time, whatever else waits: well below the quarter of an hour of a step. */
const URGENT_MS = 5 * MINUTE;

/** Every event that had to be found was found once, and has one end. */
export function accountSignals(evidence: Evidence): readonly Line[] {
  const { expected, outbox, rows, shortFrom } = evidence;
  const part = 'signals';
  const events = new Map(
    expected.flatMap((episode) => episode.events).map((event) => [event.eventKey, event]),
  );
  const expendable = expected.filter((one) => one.isExpendable).flatMap((one) => one.events);
  const mayGo = new Set(expendable.map(({ eventKey }) => eventKey));
  const name = (key: string): string => {
    const { phase, policy, device } = events.get(key) ?? {};
    return device === undefined ? `event ${key}` : `${phase} of ${policy} on ${device}`;
  };
  const found = new Map(outbox.map((row) => [row.eventKey, row]));
  const inOrg = new Map<string, number>();
  for (const { eventKey } of rows) inOrg.set(eventKey, (inOrg.get(eventKey) ?? 0) + 1);

  const ends = Map.groupBy(outbox, endOf);
  const ended = (end: End): readonly OutboxRow[] => ends.get(end) ?? [];
  const published = new Set(ended('published').map(({ eventKey }) => eventKey));
  /** What says as much may in turn have been overtaken by what says as much; the last of them was told. */
  const tells = (row: OutboxRow): OutboxRow | undefined => {
    let last: OutboxRow | undefined = row;
    // Each is a later event of the same episode; a ring would have no end.
    for (let turns = 0; last?.state === 'coalesced' && turns < outbox.length; turns += 1) {
      last = found.get(last.overtakenBy ?? '');
    }
    return last;
  };
  const episodeOf = (row: OutboxRow | undefined): string | undefined =>
    events.get(row?.eventKey ?? '')?.episodeKey;
  const overtaken = ended('coalesced').filter((row) => {
    const by = tells(row);
    const isTold = by !== undefined && endOf(by) === 'published';
    return !isTold || episodeOf(by) !== episodeOf(row);
  });
  const list = (what: string, all: readonly OutboxRow[], bad: readonly OutboxRow[]): Line => ({
    ...{ part, what, expected: all.length, counted: all.length - bad.length },
    wrong: bad.map(({ eventKey }) => name(eventKey)),
  });
  const suppressed = new Set(ended('suppressed').map(({ eventKey }) => eventKey));
  const urgent = outbox.filter(({ eventKey, recordedAt }) => {
    return events.get(eventKey)?.severity === 'Critical' && recordedAt >= shortFrom;
  });
  const late = urgent.filter(
    ({ recordedAt, publishedAt = Infinity }) => publishedAt - recordedAt > URGENT_MS,
  );
  return [
    {
      ...{ part, what: 'events that faults must cause → found', expected: events.size },
      counted: found.size,
      wrong: differences(new Set(events.keys()), new Set(found.keys()), name),
    },
    {
      ...{ part, what: 'published → one row each in the org', expected: published.size },
      counted: inOrg.size,
      wrong: [
        ...differences(published, new Set(inOrg.keys()), name),
        ...[...inOrg].filter(([, count]) => count > 1).map(([key]) => `twice: ${name(key)}`),
      ],
    },
    list('not published: a later event says as much', ended('coalesced'), overtaken),
    {
      ...{ part, what: 'not published for want of budget: all of an episode, and why' },
      expected: expendable.filter(({ eventKey }) => !inOrg.has(eventKey)).length,
      counted: suppressed.size,
      wrong: [
        ...ended('suppressed')
          .filter(({ eventKey, reason }) => reason === '' || !mayGo.has(eventKey))
          .map(({ eventKey, reason }) => `${name(eventKey)}: ${reason || 'no reason'}`),
        ...expected
          .filter((episode) => isTorn(episode, suppressed))
          .map(({ device }) => `half an episode of ${device}`),
      ],
    },
    list('Critical while the budget is short → published at once', urgent, late),
    {
      ...{ part, what: 'given up, or still waiting', expected: 0 },
      counted: ended('none').length,
      wrong: ended('none').map((row) => `${name(row.eventKey)}: ${row.state}, ${row.reason}`),
    },
    same(
      part,
      'all ends together → all events',
      events.size,
      published.size + ended('coalesced').length + ended('suppressed').length,
    ),
  ];
}

/** Some of it was told, and some suppressed. */
function isTorn({ events }: ExpectedEpisode, suppressed: ReadonlySet<string>): boolean {
  const gone = events.filter(({ eventKey }) => suppressed.has(eventKey)).length;
  return gone > 0 && gone < events.length;
}

type End = 'published' | 'coalesced' | 'suppressed' | 'none';

/** How the bridge wrote down that it ended; an event whose receipt never came has no end. */
function endOf({ state, receipt }: OutboxRow): End {
  if (state === 'coalesced' || state === 'suppressed') return state;
  const isKnown = receipt === 'Acted' || receipt === 'Suppressed' || receipt === 'Failed';
  return state === 'published' && isKnown ? 'published' : 'none';
}
