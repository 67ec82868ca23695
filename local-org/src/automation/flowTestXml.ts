/** For tests: a flow around its elements. */
export function flowXml(start: string, body: string, status = 'Active'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Flow xmlns="http://soap.sforce.com/2006/04/metadata">
  <apiVersion>66.0</apiVersion><label>Test flow</label><processType>AutoLaunchedFlow</processType>
  <start>${start}</start><status>${status}</status>
  ${body}
</Flow>`;
}

export const go = (target: string, tag = 'connector'): string =>
  `<${tag}><targetReference>${target}</targetReference></${tag}>`;

export const onEvent = (first: string, object = 'Job__e'): string =>
  `${go(first)}<object>${object}</object><triggerType>PlatformEvent</triggerType>`;

/** For tests: the start of a record-triggered flow; `extra` adds filters or paths. */
export function onSave(
  timing: 'RecordBeforeSave' | 'RecordAfterSave',
  first: string | undefined,
  extra = '',
  on = 'Create',
  object = 'Job__c',
): string {
  const connector = first === undefined ? '' : go(first);
  return `${connector}<object>${object}</object><recordTriggerType>${on}</recordTriggerType><triggerType>${timing}</triggerType>${extra}`;
}

export const asyncPath = (first: string): string =>
  `<scheduledPaths>${go(first)}<pathType>AsyncAfterCommit</pathType></scheduledPaths>`;

/** For tests: a path that runs at a time; without a field it counts from the save. */
export function timedPath(
  first: string,
  offset: number,
  unit: 'Minutes' | 'Hours' | 'Days',
  options: { field?: string; name?: string; rest?: string } = {},
): string {
  const { field, name = 'Timed', rest = '' } = options;
  const source =
    field === undefined
      ? '<timeSource>RecordTriggerEvent</timeSource>'
      : `<recordField>${field}</recordField><timeSource>RecordField</timeSource>`;
  return `<scheduledPaths><name>${name}</name>${go(first)}<label>${name}</label><offsetNumber>${offset}</offsetNumber><offsetUnit>${unit}</offsetUnit>${source}${rest}</scheduledPaths>`;
}

/** For tests: the start of a flow that runs by the clock; `extra` adds an object and filters. */
export function onSchedule(
  first: string,
  frequency: 'Once' | 'Daily' | 'Weekly',
  date: string,
  time: string,
  extra = '',
): string {
  return `${go(first)}${extra}<schedule><frequency>${frequency}</frequency><startDate>${date}</startDate><startTime>${time}</startTime></schedule><triggerType>Scheduled</triggerType>`;
}

/** For tests: an action with its inputs. */
export function act(
  name: string,
  action: string,
  inputs: Readonly<Record<string, string | number | boolean>>,
  rest = '',
): string {
  const all = Object.entries(inputs).map(
    ([input, of]) => `<inputParameters><name>${input}</name>${value(of)}</inputParameters>`,
  );
  return `<actionCalls><name>${name}</name><label>${name}</label><actionName>${action}</actionName><actionType>${action}</actionType>${all.join('')}${rest}</actionCalls>`;
}

/** For tests: `<tag>` with one value; a leading `!` makes a reference, numbers and booleans are literals. */
export function value(of: string | number | boolean, tag = 'value'): string {
  if (typeof of === 'number') return `<${tag}><numberValue>${of}</numberValue></${tag}>`;
  if (typeof of === 'boolean') return `<${tag}><booleanValue>${of}</booleanValue></${tag}>`;
  return of.startsWith('!')
    ? `<${tag}><elementReference>${of.slice(1)}</elementReference></${tag}>`
    : `<${tag}><stringValue>${of}</stringValue></${tag}>`;
}

export function fields(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(
      ([field, of]) => `<inputAssignments><field>${field}</field>${value(of)}</inputAssignments>`,
    )
    .join('');
}

export function create(
  name: string,
  object: string,
  values: Readonly<Record<string, string | number | boolean>>,
  rest = '',
): string {
  return `<recordCreates><name>${name}</name><label>${name}</label>${fields(values)}<object>${object}</object><storeOutputAutomatically>true</storeOutputAutomatically>${rest}</recordCreates>`;
}

export function filter(field: string, operator: string, of: string | number | boolean): string {
  return `<filters><field>${field}</field><operator>${operator}</operator>${value(of)}</filters>`;
}

export function get(
  name: string,
  object: string,
  filters: string,
  rest = '',
  first = true,
): string {
  return `<recordLookups><name>${name}</name><label>${name}</label>${filters}<getFirstRecordOnly>${first}</getFirstRecordOnly><object>${object}</object><storeOutputAutomatically>true</storeOutputAutomatically>${rest}</recordLookups>`;
}

export function condition(
  left: string,
  operator: string,
  right: string | number | boolean,
): string {
  return `<conditions><leftValueReference>${left}</leftValueReference><operator>${operator}</operator>${value(right, 'rightValue')}</conditions>`;
}

/** For tests: a decision with one outcome `<name>_Yes`. */
export function decide(
  name: string,
  conditions: string,
  yes: string,
  no: string | undefined,
  logic = 'and',
): string {
  const otherwise = no === undefined ? '' : go(no, 'defaultConnector');
  return `<decisions><name>${name}</name><label>${name}</label>${otherwise}<rules><name>${name}_Yes</name><conditionLogic>${logic}</conditionLogic>${conditions}${go(yes)}<label>Yes</label></rules></decisions>`;
}

export function assign(
  name: string,
  items: readonly (readonly [string, string, string | number | boolean])[],
  rest = '',
): string {
  const all = items.map(
    ([to, operator, of]) =>
      `<assignmentItems><assignToReference>${to}</assignToReference><operator>${operator}</operator>${value(of)}</assignmentItems>`,
  );
  return `<assignments><name>${name}</name><label>${name}</label>${all.join('')}${rest}</assignments>`;
}

export function variable(
  name: string,
  type: string,
  options: {
    collection?: boolean;
    input?: boolean;
    output?: boolean;
    object?: string;
    start?: string | number;
  } = {},
): string {
  const object = options.object === undefined ? '' : `<objectType>${options.object}</objectType>`;
  const start = options.start === undefined ? '' : value(options.start);
  return `<variables><name>${name}</name><dataType>${type}</dataType><isCollection>${options.collection === true}</isCollection><isInput>${options.input === true}</isInput><isOutput>${options.output === true}</isOutput>${object}${start}</variables>`;
}

export function formula(name: string, type: string, expression: string): string {
  const escaped = expression
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `<formulas><name>${name}</name><dataType>${type}</dataType><expression>${escaped}</expression></formulas>`;
}
