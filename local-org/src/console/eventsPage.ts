import type { Bus } from '../events/bus.ts';
import { topicOf } from '../events/avroSchema.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import { describe } from '../runs/describe.ts';
import type { RecordData } from '../store/records.ts';
import { page, table } from './html.ts';
import type { Cell } from './html.ts';
import type { NameOf } from './runPages.ts';

/** How far back the page looks, in events of all kinds. */
const MOST_EVENTS = 100;

const columns = ['Replay', 'Published (UTC)', 'Event', 'By', 'Fields', 'Runs'];
const STANDARD = ['ReplayId', 'EventUuid', 'CreatedDate', 'CreatedById'];

/** The newest events of the bus, each with the way to the runs it set off. */
export function eventsPage(bus: Bus, metadata: OrgMetadata, nameOf: NameOf): string {
  const after = Math.max(bus.earliest(), bus.latest() - MOST_EVENTS);
  const events = [...metadata.objects.values()].flatMap((object) => {
    if (object.kind !== 'event') return [];
    const topic = bus.topic(topicOf(object.name));
    if (topic === undefined) return [];
    return bus.read(topic.name, after, MOST_EVENTS).map((stored) => ({
      replay: stored.replay,
      row: rowOf(object.name, stored.replay, bus.toRecord(topic, stored), nameOf),
    }));
  });
  const rows = events.toSorted((a, b) => b.replay - a.replay).map(({ row }) => row);
  return page({
    title: 'Events',
    intro: `<p>The newest of the last ${MOST_EVENTS} places of the event bus, which keeps events for 72 hours.</p>`,
    main: table('Platform events', columns, rows, 'No event has been published.'),
  });
}

function rowOf(name: string, replay: number, event: RecordData, nameOf: NameOf): Cell[] {
  const fields = Object.entries(event)
    .filter(([field, value]) => !STANDARD.includes(field) && value !== null && value !== '')
    .map(([field, value]) => `${field}: ${describe(field, value)}`)
    .join(', ');
  const uuid = String(event['EventUuid']);
  return [
    String(replay),
    String(event['CreatedDate']).slice(0, 19).replace('T', ' '),
    name,
    nameOf(String(event['CreatedById'])),
    fields.length > 400 ? `${fields.slice(0, 399)}…` : fields,
    { text: `runs of event ${replay}`, href: `/console/runs?id=${encodeURIComponent(uuid)}` },
  ];
}
