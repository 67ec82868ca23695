import type { Selection, Start } from '../model.ts';
import { readPaths, readSchedule } from './schedule.ts';
import { readConnector, readFilters } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

/** When a record-triggered flow runs (Metadata API Developer Guide, "FlowTriggerType"). */
const TIMINGS = new Map([
  ['RecordBeforeSave', 'before'],
  ['RecordAfterSave', 'after'],
  ['RecordBeforeDelete', 'delete'],
] as const satisfies [string, string][]) as ReadonlyMap<string, 'before' | 'after' | 'delete'>;

/** The `<start>` of a flow: what sets it off. */
export function readStart(xml: XmlReader): Start {
  xml.ignore('locationX', 'locationY', 'description', 'label', 'name');
  const trigger = xml.optionalText('triggerType')?.trim();
  const next = readConnector(xml, 'connector');
  if (trigger === undefined) {
    xml.done();
    return { kind: 'none', next };
  }
  if (trigger === 'Scheduled') return readSchedule(xml, next);
  const object = xml.text('object');
  if (trigger === 'PlatformEvent') {
    // The other value, DefaultWorkflowUser, needs a setting that this org does not have.
    xml.oneOf('flowRunAsUser', ['TriggeringUser'], 'TriggeringUser');
    xml.done();
    return { kind: 'event', object, next };
  }
  const timing = TIMINGS.get(trigger);
  if (timing === undefined) return xml.unsupported(`<triggerType>${trigger}</triggerType>`);
  const on = xml.oneOf(
    'recordTriggerType',
    timing === 'delete'
      ? (['Delete'] as const)
      : (['Create', 'Update', 'CreateAndUpdate'] as const),
  );
  const { filters, logic } = readFilters(xml);
  const selection: Selection = { object, filters, logic };
  const formula = xml.optionalText('filterFormula');
  if (formula !== undefined && filters.length > 0) {
    xml.invalid('<filters> and <filterFormula> exclude each other');
  }
  const onlyWhenChangedToMeet = xml.boolean('doesRequireRecordChangedToMeetCriteria');
  if (onlyWhenChangedToMeet && (on === 'Create' || on === 'Delete')) {
    xml.invalid('doesRequireRecordChangedToMeetCriteria needs a flow that runs on updates');
  }
  if (onlyWhenChangedToMeet && filters.length === 0 && formula === undefined) {
    xml.invalid('doesRequireRecordChangedToMeetCriteria needs entry conditions');
  }
  const { asynchronous, scheduled } = readPaths(xml, timing);
  if (scheduled.length > 0) refuseChangeConditions(xml, formula, filters);
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
    scheduled,
  };
}

/** The conditions are asked again at every later save, when what the first save changed is not known. */
function refuseChangeConditions(
  xml: XmlReader,
  formula: string | undefined,
  filters: Selection['filters'],
): void {
  if (/\b(?:ISNEW|ISCHANGED|PRIORVALUE)\b/i.test(formula ?? ''))
    xml.unsupported('scheduled paths with entry conditions that ask what changed');
  if (filters.some(({ operator }) => operator === 'IsChanged'))
    xml.unsupported('scheduled paths with entry conditions that ask what changed');
}
