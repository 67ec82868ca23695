import type { FlowElement, Operand, Selection } from '../flow/model.ts';
import type { Interview } from '../flow/runtime.ts';
import { isRecord, type FlowValue } from '../flow/values.ts';

/** A name in an element and what it stood for. */
export interface NamedValue {
  readonly name: string;
  readonly value: FlowValue;
}

/** What an element is going to read, before it runs. Formulas and templates are not among it. */
export function valuesIn(interview: Interview, element: FlowElement): NamedValue[] {
  const of = (name: string, operand: Operand): NamedValue[] =>
    operand.kind === 'literal'
      ? [{ name, value: operand.value }]
      : at(name, lookUp(interview, operand.path));
  const path = (name: string): NamedValue[] => at(name, lookUp(interview, name));
  const selected = ({ filters }: Selection): NamedValue[] =>
    filters.flatMap(({ field, operator, value }) => of(`${field} ${operator}`, value));
  const references = (operand: Operand): NamedValue[] =>
    operand.kind === 'reference' ? path(operand.path) : [];
  switch (element.kind) {
    case 'decisions':
      return once(
        element.rules.flatMap(({ conditions }) =>
          conditions.flatMap(({ left, right }) => [...path(left), ...references(right)]),
        ),
      );
    case 'assignments':
      return once(
        element.items.flatMap(({ value }) => (value === undefined ? [] : references(value))),
      );
    case 'loops':
    case 'collectionProcessors':
      return path(element.collection);
    case 'recordLookups':
      return selected(element.selection);
    case 'recordCreates':
      return element.input.kind === 'reference'
        ? path(element.input.path)
        : element.input.fields.flatMap(({ field, value }) => of(field, value));
    case 'recordUpdates':
      return [
        ...targeted(element.target),
        ...element.fields.flatMap(({ field, value }) => of(`${field} =`, value)),
      ];
    case 'recordDeletes':
      return targeted(element.target);
    case 'subflows':
    case 'actionCalls':
      return element.inputs.flatMap(({ name, value }) => of(name, value));
    default:
      return [];
  }

  function targeted(
    target: Extract<FlowElement, { kind: 'recordUpdates' }>['target'],
  ): NamedValue[] {
    return target.kind === 'selection' ? selected(target.selection) : path(target.path);
  }
}

/** What an element has left behind, after it ran. */
export function valuesOut(interview: Interview, element: FlowElement): NamedValue[] {
  return namesOut(element).flatMap((name) => at(name, lookUp(interview, name)));
}

function namesOut(element: FlowElement): string[] {
  switch (element.kind) {
    case 'assignments':
      return [...new Set(element.items.map(({ to }) => to))];
    case 'collectionProcessors':
      return [element.work.kind === 'filter' ? element.name : element.collection];
    case 'loops':
      return [element.itemTo ?? element.name];
    case 'recordLookups':
      if (element.output.kind === 'fields') return element.output.fields.map(({ to }) => to);
      return [element.output.kind === 'record' ? element.output.to : element.name];
    case 'screens':
      return element.fields.flatMap((field) => (field.kind === 'display' ? [] : [field.name]));
    case 'recordCreates':
      if (element.input.kind === 'reference') return [`${element.input.path}.Id`];
      return element.idTo === undefined ? [element.name] : [element.idTo];
    default:
      return [];
  }
}

/** What a path stands for now; undefined for what has to be computed, and what was never set. */
function lookUp(interview: Interview, path: string): FlowValue | undefined {
  const [head = '', field] = path.split('.');
  const { trigger, values, flow } = interview;
  const constant = flow.source.constants.get(path);
  if (constant !== undefined) return constant.value;
  const found =
    head === '$Record'
      ? trigger?.record
      : head === '$Record__Prior'
        ? trigger?.prior
        : values.get(head);
  if (found === undefined || field === undefined) return found;
  return isRecord(found) ? (found.fields[field] ?? null) : undefined;
}

function at(name: string, value: FlowValue | undefined): NamedValue[] {
  return value === undefined ? [] : [{ name, value }];
}

function once(values: readonly NamedValue[]): NamedValue[] {
  return [...new Map(values.map((one) => [one.name, one])).values()];
}
