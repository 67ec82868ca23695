import type { Binder } from '../binder.ts';
import type { AssignmentElement } from '../model.ts';
import type { Interview, Step } from '../runtime.ts';
import { DAY_MS } from '../formula/types.ts';
import {
  copyRecord,
  copyValue,
  fits,
  isRecord,
  toField,
  typeText,
  type FlowType,
  type FlowValue,
  type ItemValue,
} from '../values.ts';

/** One assignment operator: what the right side must be for a target, and the new value. */
interface Operator {
  readonly takes: (target: FlowType) => FlowType | undefined;
  readonly apply: (current: FlowValue, value: FlowValue, target: FlowType) => FlowValue;
}

const NUMBER: FlowType = { kind: 'scalar', type: 'number' };

function sum(sign: 1 | -1): Operator['apply'] {
  return (current, value, target) => {
    const [a, b] = [toField(current), toField(value)];
    if (target.kind === 'collection') {
      return [...(Array.isArray(current) ? current : []), ...copyItems(value)];
    }
    if (target.kind !== 'scalar') return current;
    if (target.type === 'text') return `${a ?? ''}${b ?? ''}`;
    // An unset number counts as zero when added to (unlike in a formula).
    if (target.type === 'number') return Number(a ?? 0) + sign * Number(b ?? 0);
    if (a === null || b === null) return a;
    const moved = new Date(Date.parse(String(a)) + sign * Number(b) * DAY_MS).toISOString();
    return target.type === 'date' ? moved.slice(0, 10) : moved;
  };
}

function copyItems(value: FlowValue): ItemValue[] {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => (isRecord(item) ? copyRecord(item) : item));
}

function isDay(target: FlowType): boolean {
  return target.kind === 'scalar' && (target.type === 'date' || target.type === 'datetime');
}

export const ASSIGNMENT_OPERATORS: Readonly<Record<string, Operator>> = {
  Assign: { takes: (target) => target, apply: (_current, value) => copyValue(value) },
  Add: {
    takes: (target) => {
      if (target.kind === 'collection') return target.of;
      if (isDay(target)) return NUMBER;
      return target.kind === 'scalar' && (target.type === 'number' || target.type === 'text')
        ? target
        : undefined;
    },
    apply: sum(1),
  },
  Subtract: {
    takes: (target) => (isDay(target) || fits(NUMBER, target) ? NUMBER : undefined),
    apply: sum(-1),
  },
  AddItem: {
    takes: (target) => (target.kind === 'collection' ? target.of : undefined),
    apply: sum(1),
  },
  AddAtStart: {
    takes: (target) => (target.kind === 'collection' ? target.of : undefined),
    apply: (current, value) => {
      return [...copyItems(value), ...(Array.isArray(current) ? current : [])];
    },
  },
  RemoveAll: {
    takes: (target) => (target.kind === 'collection' ? target.of : undefined),
    apply: (current, value) =>
      Array.isArray(current)
        ? current.filter((item) => JSON.stringify(item) !== JSON.stringify(value))
        : current,
  },
};

/** No value at all: null, or a list without items (a "blank" value in Flow Builder). */
function emptying(
  binder: Binder,
  where: string,
  item: AssignmentElement['items'][number],
  target: ReturnType<Binder['target']>,
): (interview: Interview) => void {
  if (item.operator !== 'Assign')
    return binder.fail(where, `${item.to} ${item.operator}: a <value> is missing`);
  const empty = target.type.kind === 'collection' ? (): FlowValue => [] : (): FlowValue => null;
  return (interview) => target.set(interview, empty());
}

/** Assignment: each item in order, each seeing what the ones before it did. */
export function bindAssignment(binder: Binder, element: AssignmentElement): Step {
  const where = `${element.kind} ${element.name}`;
  const items = element.items.map((item) => {
    const operator = Object.hasOwn(ASSIGNMENT_OPERATORS, item.operator)
      ? ASSIGNMENT_OPERATORS[item.operator]
      : undefined;
    if (operator === undefined)
      return binder.unsupported(where, `the assignment operator ${item.operator}`);
    const target = binder.target(where, item.to);
    const wanted = operator.takes(target.type);
    if (wanted === undefined) {
      return binder.fail(
        where,
        `${item.operator} does not apply to ${item.to}, a ${typeText(target.type)}`,
      );
    }
    if (item.value === undefined) return emptying(binder, where, item, target);
    const value = binder.operandOf(where, item.value, wanted, `${item.to} ${item.operator}`);
    return (interview: Interview): void => {
      target.set(
        interview,
        operator.apply(target.get(interview), value.get(interview), target.type),
      );
    };
  });
  return {
    kind: 'instant',
    run: (interview) => {
      for (const assign of items) assign(interview);
      return { next: element.next };
    },
  };
}
