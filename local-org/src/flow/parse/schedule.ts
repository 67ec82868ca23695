import { FREQUENCIES, type ScheduledPath, type Start, type Target } from '../model.ts';
import { readConnector, readFilters } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

const MINUTE = 60_000;

/** Months, of unequal length, are refused. */
const UNITS = { Minutes: MINUTE, Hours: 60 * MINUTE, Days: 24 * 60 * MINUTE } as const;
const UNIT_NAMES = Object.keys(UNITS) as (keyof typeof UNITS)[];

/** Metadata API Developer Guide, "Flow", FlowScheduledPath: `maxBatchSize` is 1 to 200, by default 200. */
const MOST_IN_BATCH = 200;

/** What a record-triggered flow does later: at once after the commit, or at a time. */
export interface Paths {
  readonly asynchronous: { readonly name: string; readonly next: Target } | undefined;
  readonly scheduled: readonly ScheduledPath[];
}

/** The `<scheduledPaths>` of a record-triggered flow. */
export function readPaths(xml: XmlReader, timing: 'before' | 'after' | 'delete'): Paths {
  const all = xml.children('scheduledPaths');
  if (all.length > 0 && timing !== 'after')
    xml.invalid('only an after-save flow has an asynchronous path or a scheduled one');
  const asynchronous: NonNullable<Paths['asynchronous']>[] = [];
  const scheduled: ScheduledPath[] = [];
  for (const path of all) {
    path.ignore('description');
    const next = readConnector(path, 'connector');
    if (path.optionalText('pathType') === undefined) {
      path.ignore('label');
      scheduled.push(readPath(path, next));
    } else {
      path.oneOf('pathType', ['AsyncAfterCommit']);
      asynchronous.push({ name: path.optionalText('name')?.trim() ?? 'AsyncAfterCommit', next });
    }
    path.done();
  }
  if (asynchronous.length > 1) xml.unsupported('more than one asynchronous path');
  const names = scheduled.map(({ name }) => name);
  if (new Set(names).size < names.length) xml.invalid('two scheduled paths share a name');
  return { asynchronous: asynchronous[0], scheduled };
}

function readPath(unnamed: XmlReader, next: Target): ScheduledPath {
  const name = unnamed.text('name');
  const source = unnamed.oneOf('timeSource', ['RecordField', 'RecordTriggerEvent'] as const);
  const field = unnamed.optionalText('recordField')?.trim();
  if ((source === 'RecordField') !== (field !== undefined))
    unnamed.invalid(`${name}: timeSource RecordField and recordField go together`);
  const offset = unnamed.optionalNumber('offsetNumber') ?? 0;
  if (!Number.isInteger(offset)) unnamed.invalid(`${name}: <offsetNumber> is not a whole number`);
  if (source === 'RecordTriggerEvent' && offset < 0)
    unnamed.invalid(`${name}: a path cannot run before what sets it off`);
  const unit = unnamed.oneOf('offsetUnit', UNIT_NAMES);
  const maxBatchSize = unnamed.optionalNumber('maxBatchSize') ?? MOST_IN_BATCH;
  if (!Number.isInteger(maxBatchSize) || maxBatchSize < 1 || maxBatchSize > MOST_IN_BATCH)
    unnamed.invalid(`${name}: <maxBatchSize> is ${maxBatchSize}; 1 to ${MOST_IN_BATCH} is allowed`);
  return { name, next, offsetMs: offset * UNITS[unit], field, maxBatchSize };
}

/** The start of a flow that runs by the clock: once, every day or every week, for records or without. */
export function readSchedule(xml: XmlReader, next: Target): Start {
  const schedule = xml.child('schedule') ?? xml.invalid('<schedule> is missing');
  const frequency = schedule.oneOf('frequency', FREQUENCIES);
  const date = schedule.text('startDate');
  const time = schedule.text('startTime');
  schedule.done();
  // The org's time zone is UTC, and an org reads the time in its own whatever the Z says.
  const startAt = Date.parse(`${date}T${time.replace(/Z$/, '')}Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(startAt)) {
    xml.invalid(
      `<startDate> ${date} and <startTime> ${time} are no time; 2026-11-23 and 02:00:00.000Z are`,
    );
  }
  const object = xml.optionalText('object')?.trim();
  const { filters, logic } = readFilters(xml);
  if (object === undefined && filters.length > 0) xml.invalid('<filters> need an <object>');
  xml.done();
  const selection = object === undefined ? undefined : { object, filters, logic };
  return { kind: 'schedule', frequency, startAt, selection, next };
}
