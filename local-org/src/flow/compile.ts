import type { OrgMetadata } from '../metadata/schema.ts';
import type { Binder } from './binder.ts';
import { bindConditions } from './conditions.ts';
import { bindAssignment } from './elements/assignment.ts';
import { bindAction } from './elements/action.ts';
import { bindCollection } from './elements/collection.ts';
import { bindCreate } from './elements/create.ts';
import { bindDelete } from './elements/delete.ts';
import { bindCustomError, bindDecision, bindLoop } from './elements/logic.ts';
import { bindLookup } from './elements/lookup.ts';
import { bindSubflow } from './elements/subflow.ts';
import { bindScreen } from './screens/bindScreen.ts';
import { bindUpdate } from './elements/update.ts';
import { FlowLoadError } from './errors.ts';
import { bindEntryFormula } from './formulaResource.ts';
import type { ElementKind, FlowElement, FlowSource, ScheduledPath, Target } from './model.ts';
import { parseFlow } from './parse/flow.ts';
import { refuseChangeFunctions } from './asynchronous.ts';
import type { CompiledFlow, Interview, Step } from './runtime.ts';
import { Scope } from './scope.ts';
import { targetsOf } from './targets.ts';
import { bindSelection } from './selection.ts';
import { fits, scalarType, type FlowValue } from './values.ts';

type Handler<Kind extends ElementKind> = (
  binder: Binder,
  element: Extract<FlowElement, { kind: Kind }>,
  compiled: (name: string) => CompiledFlow,
) => Step;

/** How each kind of element is bound and executed. */
export const ELEMENT_HANDLERS: { readonly [Kind in ElementKind]: Handler<Kind> } = {
  recordLookups: bindLookup,
  recordCreates: bindCreate,
  recordUpdates: bindUpdate,
  recordDeletes: bindDelete,
  decisions: bindDecision,
  assignments: bindAssignment,
  loops: bindLoop,
  collectionProcessors: bindCollection,
  subflows: bindSubflow,
  actionCalls: bindAction,
  customErrors: bindCustomError,
  screens: bindScreen,
};

/**
 * Reads and binds every flow of the org, by name. Flows that are not active are read and bound
 * too, so a mistake in a draft is found before it is activated.
 *
 * @param before flows bound earlier with the same objects; those of the same file that call no other
 *   ones are not bound again, so that a test can change one flow of many quickly
 */
export function compileFlows(
  metadata: OrgMetadata,
  before: ReadonlyMap<string, CompiledFlow> = new Map(),
): Map<string, CompiledFlow> {
  const sources = new Map(metadata.flows.map((flow) => [flow.name, sourceOf(flow)]));
  const isAsBefore = unchangedIn(sources, before);
  const compiled = new Map<string, CompiledFlow>();
  const named = (name: string): CompiledFlow => {
    const flow = compiled.get(name);
    if (flow === undefined) throw new Error(`the flow ${name} is not compiled`);
    return flow;
  };
  for (const [name, source] of sources) {
    const known = isAsBefore(name) ? before.get(name) : undefined;
    const binder = (): Binder => new Scope(source, metadata, (other) => sources.get(other));
    compiled.set(name, known ?? compileFlow(source, binder(), named));
  }
  refuseCircles(sources);
  return compiled;
}

/** Tells of a flow by its name whether it, and every flow it calls, is the one that was bound before. */
function unchangedIn(
  sources: ReadonlyMap<string, FlowSource>,
  before: ReadonlyMap<string, CompiledFlow>,
): (name: string) => boolean {
  const answers = new Map<string, boolean>();
  const isAsBefore = (name: string): boolean => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    // Flows that call each other in a circle are refused later.
    answers.set(name, true);
    const source = sources.get(name);
    const callees = [...(source?.elements.values() ?? [])].flatMap((element) =>
      element.kind === 'subflows' ? [element.flow] : [],
    );
    const answer =
      source !== undefined && before.get(name)?.source === source && callees.every(isAsBefore);
    answers.set(name, answer);
    return answer;
  };
  return isAsBefore;
}

type FlowFile = OrgMetadata['flows'][number];

/* Reading the XML takes far longer than binding it, and tests make an org from the same files hundreds of times. */
const parsed = new WeakMap<FlowFile, FlowSource>();

function sourceOf(flow: FlowFile): FlowSource {
  const known = parsed.get(flow);
  if (known !== undefined) return known;
  const source = parseFlow(flow.name, flow.file, flow.xml);
  parsed.set(flow, source);
  return source;
}

function compileFlow(
  source: FlowSource,
  binder: Binder,
  compiled: (name: string) => CompiledFlow,
): CompiledFlow {
  const { start } = source;
  const objectName =
    start.kind === 'event'
      ? start.object
      : start.kind === 'none'
        ? undefined
        : start.selection?.object;
  const object = objectName === undefined ? undefined : binder.object('start', objectName);
  if (object !== undefined && (object.kind === 'event') !== (start.kind === 'event')) {
    binder.fail('start', `${object.name} ${object.kind === 'event' ? 'is' : 'is not'} an event`);
  }
  checkConnectors(source, binder);
  const steps = new Map<string, Step>();
  for (const element of source.elements.values())
    steps.set(element.name, bindElement(binder, element, compiled));
  for (const name of [
    ...source.formulas.keys(),
    ...source.templates.keys(),
    ...source.choices.keys(),
  ])
    binder.accessor(name, name);
  refuseChangeFunctions(source, binder, targetsOf);
  if (start.kind === 'record') checkTimeSources(binder, start.selection.object, start.scheduled);
  return {
    source,
    object,
    steps,
    initialValues: bindInitialValues(source, binder),
    ...bindEntry(source, binder),
    selects: bindScheduled(source, binder),
  };
}

function bindElement(
  binder: Binder,
  element: FlowElement,
  compiled: (name: string) => CompiledFlow,
): Step {
  // The table gives the handler of this very kind; TypeScript cannot tie the two together.
  const handler = ELEMENT_HANDLERS[element.kind] as Handler<ElementKind>;
  return handler(binder, element, compiled);
}

function checkConnectors(source: FlowSource, binder: Binder): void {
  const check = (where: string, target: Target): void => {
    if (target !== undefined && !source.elements.has(target)) {
      binder.fail(where, `its connector leads to ${target}, which is not an element of this flow`);
    }
  };
  check('start', source.start.next);
  if (source.start.kind === 'record') {
    check('start scheduledPaths', source.start.asynchronous?.next);
    for (const path of source.start.scheduled)
      check(`start scheduledPaths ${path.name}`, path.next);
  }
  for (const element of source.elements.values()) {
    for (const target of targetsOf(element)) check(`${element.kind} ${element.name}`, target);
  }
}

function bindInitialValues(source: FlowSource, binder: Binder): () => Map<string, FlowValue> {
  const initial = [...source.variables.values()].flatMap((variable) => {
    if (variable.initial === undefined || variable.type === 'SObject') return [];
    const where = `variables ${variable.name}`;
    if (variable.initial.kind === 'reference')
      return binder.unsupported(where, 'a starting value that is a reference');
    const wanted = { kind: 'scalar', type: scalarType(variable.type) } as const;
    if (!fits(wanted, { kind: 'scalar', type: scalarType(variable.initial.type) })) {
      binder.fail(
        where,
        `the starting value is a ${variable.initial.type}, the variable a ${variable.type}`,
      );
    }
    return [[variable.name, variable.initial.value] as const];
  });
  return () => new Map<string, FlowValue>(initial);
}

/** Entry conditions, and whether an update has to be the one that makes them true. */
function bindEntry(source: FlowSource, binder: Binder): Pick<CompiledFlow, 'admits' | 'meets'> {
  const { start } = source;
  if (start.kind !== 'record') return { admits: () => true, meets: () => true };
  const conditions = start.selection.filters.map((filter) => ({
    left: `$Record.${filter.field}`,
    operator: filter.operator,
    right: filter.value,
  }));
  const meets =
    start.formula === undefined
      ? bindConditions(binder, 'start filters', conditions, start.selection.logic)
      : bindEntryFormula(binder, start.formula);
  const admits = (interview: Interview): boolean => {
    const { trigger } = interview;
    if (trigger === undefined || !meets(interview)) return false;
    if (!start.onlyWhenChangedToMeet || trigger.prior === undefined) return true;
    return !meets({ ...interview, trigger: { ...trigger, record: trigger.prior } });
  };
  return { admits, meets };
}

/** The filters of a scheduled flow; nothing has happened to a record yet that they could refer to. */
function bindScheduled(source: FlowSource, binder: Binder): CompiledFlow['selects'] {
  const { start } = source;
  if (start.kind !== 'schedule' || start.selection === undefined) return undefined;
  for (const { value } of start.selection.filters) {
    if (value.kind === 'reference' && value.path.includes('$Record'))
      binder.fail('start filters', `${value.path}: the filters say which records to run for`);
  }
  return bindSelection(binder, 'start filters', start.selection);
}

function checkTimeSources(
  binder: Binder,
  objectName: string,
  paths: readonly ScheduledPath[],
): void {
  const object = binder.object('start', objectName);
  for (const { name, field } of paths) {
    if (field === undefined) continue;
    const type = object.fields.get(field)?.type;
    if (type === 'Date' || type === 'DateTime') continue;
    const where = `start scheduledPaths ${name}`;
    if (type === undefined) binder.fail(where, `${object.name} has no field ${field}`);
    binder.fail(where, `${object.name}.${field} is a ${type}, not a date or a date/time`);
  }
}

function refuseCircles(sources: ReadonlyMap<string, FlowSource>): void {
  const visit = (name: string, path: readonly string[]): void => {
    const source = sources.get(name);
    if (source === undefined) return;
    if (path.includes(name)) {
      throw new FlowLoadError(
        source.file,
        'subflows',
        `flows call each other in a circle: ${[...path, name].join(' → ')}`,
      );
    }
    for (const element of source.elements.values()) {
      if (element.kind === 'subflows') visit(element.flow, [...path, name]);
    }
  };
  for (const name of sources.keys()) visit(name, []);
}
