import { same } from './line.ts';
import type { Line } from './line.ts';
import type { Evidence, SignalRow } from './evidence.ts';
import type { ExpectedEpisode, ExpectedEvent } from './model.ts';

/** What the org made of each event, and of whom it thinks it is. */
export function accountRows({ expected, rows, failures }: Evidence): readonly Line[] {
  const part = 'org';
  const events = new Map(
    expected.flatMap((episode) => episode.events).map((event) => [event.eventKey, event]),
  );
  const isKnown = (row: SignalRow): boolean => events.get(row.eventKey)?.asset !== undefined;
  const [known, unknown] = [rows.filter(isKnown), rows.filter((row) => !isKnown(row))];
  const ended = (what: string, all: readonly SignalRow[], disposition: string): Line => {
    const bad = all.filter((row) => row.disposition !== disposition || isMute(row));
    const wrong = bad.map((row) => `${name(row)} is ${row.disposition} (${row.reason})`);
    return { part, what, expected: all.length, counted: all.length - bad.length, wrong };
  };
  const strayed = rows.flatMap((row) => strayOf(row, events.get(row.eventKey)) ?? []);
  return [
    ended('of devices the org knows → Acted', known, 'Acted'),
    ended('of a device nobody knows → Suppressed, and why', unknown, 'Suppressed'),
    {
      ...{ part, what: 'with the Asset and the owner of their time' },
      ...{ expected: rows.length, counted: rows.length - strayed.length, wrong: strayed },
    },
    same(part, 'records of trouble (Signal Failure)', 0, failures),
  ];
}

const isMute = ({ disposition, reason }: SignalRow): boolean =>
  disposition !== 'Acted' && reason === '';
const name = ({ phase, device, occurredAt }: Pick<SignalRow, 'phase' | 'device' | 'occurredAt'>) =>
  `${phase} of ${device} at ${new Date(occurredAt).toISOString()}`;

function strayOf(row: SignalRow, event: ExpectedEvent | undefined): string | undefined {
  const told = (one: Omit<SignalRow, 'disposition' | 'reason' | 'eventKey'>): string =>
    `Asset ${one.asset ?? 'none'}, customer ${one.customer ?? 'none'}, ${one.severity}, version ${one.policyVersion}`;
  if (event === undefined) return `${name(row)} is of no fault`;
  const [is, must] = [`${name(row)}: ${told(row)}`, `${name(event)}: ${told(event)}`];
  return is === must ? undefined : `${is}; it must be ${must}`;
}

/** Exactly one Case an episode, for the customer and the Asset of the time it began. */
export function accountCases({ expected, cases, outbox }: Evidence): readonly Line[] {
  const part = 'Cases';
  const untold = new Set(
    outbox.filter(({ state }) => state === 'suppressed').map(({ eventKey }) => eventKey),
  );
  const isTold = ({ events }: ExpectedEpisode): boolean =>
    events.some(({ eventKey }) => !untold.has(eventKey));
  const wanted = expected.filter((one) => one.asset !== undefined && isTold(one));
  const byEpisode = Map.groupBy(cases, ({ episodeKey }) => episodeKey ?? '');
  const missing = wanted.filter(({ key }) => !byEpisode.has(key));
  const keys = new Set(wanted.map(({ key }) => key));
  const others = cases.filter(({ episodeKey }) => !keys.has(episodeKey ?? ''));
  const twice = wanted.filter(({ key }) => (byEpisode.get(key)?.length ?? 0) > 1);
  const strayed = wanted.flatMap(({ key, device, asset, customer }) =>
    (byEpisode.get(key) ?? [])
      .filter((one) => one.asset !== asset || one.customer !== customer)
      .map(
        (one) =>
          `${device}: Asset ${one.asset}, customer ${one.customer}; ` +
          `it must be Asset ${asset}, customer ${customer}`,
      ),
  );
  return [
    {
      ...{ part, what: 'episodes told of, on an Asset → one Case each' },
      ...{ expected: wanted.length, counted: cases.length },
      wrong: [
        ...missing.map(({ device }) => `no Case: ${device}`),
        ...twice.map(({ device }) => `two Cases: ${device}`),
        ...others.map(({ episodeKey }) => `a Case of no fault: ${episodeKey ?? 'no episode'}`),
      ],
    },
    {
      ...{ part, what: 'for the Asset and the owner of when it began' },
      ...{ expected: cases.length, counted: cases.length - strayed.length, wrong: strayed },
    },
  ];
}
