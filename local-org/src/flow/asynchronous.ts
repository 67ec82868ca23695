import type { Binder } from './binder.ts';
import type {
  CollectionElement,
  FlowElement,
  FlowSource,
  Operand,
  RecordInput,
  Selection,
  Target,
} from './model.ts';

/**
 * Asynchronous and scheduled paths run after the save, when what changed is no longer known. "Asynchronous
 * paths don't support the ISCHANGED operator, for example in decision elements" (help
 * platform.flow_considerations_trigger_record); ISNEW, of which no source speaks, is refused with it.
 */
export function refuseChangeFunctions(
  source: FlowSource,
  binder: Binder,
  targetsOf: (element: FlowElement) => Target[],
): void {
  const { start } = source;
  if (start.kind !== 'record') return;
  const reached = new Set<string>();
  const visit = (target: Target): void => {
    const element = target === undefined ? undefined : source.elements.get(target);
    if (element === undefined || reached.has(element.name)) return;
    reached.add(element.name);
    checkElement(binder, element);
    targetsOf(element).forEach(visit);
  };
  visit(start.asynchronous?.next);
  for (const path of start.scheduled) visit(path.next);
}

function checkElement(binder: Binder, element: FlowElement): void {
  const where = `${element.kind} ${element.name}`;
  if (element.kind === 'decisions') {
    const conditions = element.rules.flatMap((rule) => rule.conditions);
    if (conditions.some((condition) => condition.operator === 'IsChanged')) {
      binder.fail(where, 'IsChanged is not known in an asynchronous path');
    }
    if (element.rules.some((rule) => rule.onlyWhenChangedToMeet)) {
      binder.fail(where, 'whether a record has just changed is not known in an asynchronous path');
    }
  }
  for (const path of referencesOf(element)) {
    if (binder.accessor(where, path).usesChange === true) {
      binder.fail(where, `${path} asks what changed, which is not known in an asynchronous path`);
    }
  }
}

function referencesOf(element: FlowElement): string[] {
  switch (element.kind) {
    case 'decisions':
      return element.rules.flatMap((rule) =>
        rule.conditions.flatMap((condition) => [condition.left, ...paths([condition.right])]),
      );
    case 'assignments':
      return paths(element.items.flatMap((item) => item.value ?? []));
    case 'loops':
      return [element.collection];
    case 'collectionProcessors':
      return [element.collection, ...ofFilter(element.work)];
    case 'recordLookups':
      return ofSelection(element.selection);
    case 'recordCreates':
      return ofInput(element.input);
    case 'recordUpdates':
      return [
        ...(element.target.kind === 'selection'
          ? ofSelection(element.target.selection)
          : [element.target.path]),
        ...paths(element.fields.map((field) => field.value)),
      ];
    case 'recordDeletes':
      return element.target.kind === 'selection'
        ? ofSelection(element.target.selection)
        : [element.target.path];
    case 'subflows':
    case 'actionCalls':
      return paths(element.inputs.map((input) => input.value));
    case 'customErrors':
    case 'screens':
      return [];
  }
}

function ofFilter(work: CollectionElement['work']): string[] {
  if (work.kind === 'sort') return [];
  return 'formula' in work.keeps
    ? []
    : work.keeps.conditions.flatMap(({ left, right }) => [left, ...paths([right])]);
}

function ofSelection(selection: Selection): string[] {
  return paths(selection.filters.map((filter) => filter.value));
}

function ofInput(input: RecordInput): string[] {
  return input.kind === 'reference'
    ? [input.path]
    : paths(input.fields.map((field) => field.value));
}

function paths(operands: readonly Operand[]): string[] {
  return operands.flatMap((operand) => (operand.kind === 'reference' ? [operand.path] : []));
}
