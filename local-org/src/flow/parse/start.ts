import type { Selection, Start } from '../model.ts';
import { readConnector, readFilters } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

/** The `<start>` of a flow: what sets it off. Schedules, time-based paths and deletes are refused. */
export function readStart(xml: XmlReader): Start {
  xml.ignore('locationX', 'locationY', 'description', 'label', 'name');
  const trigger = xml.optionalText('triggerType')?.trim();
  const next = readConnector(xml, 'connector');
  if (trigger === undefined) {
    xml.done();
    return { kind: 'none', next };
  }
  const object = xml.text('object');
  if (trigger === 'PlatformEvent') {
    // The other value, DefaultWorkflowUser, needs a setting that this org does not have.
    xml.oneOf('flowRunAsUser', ['TriggeringUser'], 'TriggeringUser');
    xml.done();
    return { kind: 'event', object, next };
  }
  if (trigger !== 'RecordBeforeSave' && trigger !== 'RecordAfterSave') {
    return xml.unsupported(`<triggerType>${trigger}</triggerType>`);
  }
  const timing = trigger === 'RecordBeforeSave' ? 'before' : 'after';
  const on = xml.oneOf('recordTriggerType', ['Create', 'Update', 'CreateAndUpdate'] as const);
  const { filters, logic } = readFilters(xml);
  const selection: Selection = { object, filters, logic };
  const formula = xml.optionalText('filterFormula');
  if (formula !== undefined && filters.length > 0) {
    xml.invalid('<filters> and <filterFormula> exclude each other');
  }
  const onlyWhenChangedToMeet = xml.boolean('doesRequireRecordChangedToMeetCriteria');
  if (onlyWhenChangedToMeet && on === 'Create') {
    xml.invalid('doesRequireRecordChangedToMeetCriteria needs a flow that runs on updates');
  }
  if (onlyWhenChangedToMeet && filters.length === 0 && formula === undefined) {
    xml.invalid('doesRequireRecordChangedToMeetCriteria needs entry conditions');
  }
  const asynchronous = readAsynchronousPath(xml, timing);
  xml.done();
  return {
    kind: 'record',
    timing,
    on,
    selection,
    formula,
    onlyWhenChangedToMeet,
    next,
    asynchronous,
  };
}

function readAsynchronousPath(
  xml: XmlReader,
  timing: 'before' | 'after',
): { name: string; next: string | undefined } | undefined {
  const paths = xml.children('scheduledPaths');
  const [path] = paths;
  if (path === undefined) return undefined;
  if (paths.length > 1) xml.unsupported('more than one scheduled path');
  if (timing === 'before') xml.invalid('a before-save flow has no asynchronous path');
  path.oneOf('pathType', ['AsyncAfterCommit']);
  const name = path.optionalText('name')?.trim() ?? 'AsyncAfterCommit';
  const next = readConnector(path, 'connector');
  path.ignore('label', 'description');
  path.done();
  return { name, next };
}
