import type { Binder } from './binder.ts';
import type { Condition, Logic } from './model.ts';
import { CONDITION_OPERATORS } from './operators.ts';
import { holds } from './parse/logic.ts';
import type { Interview } from './runtime.ts';
import { toField, typeText, type FlowType } from './values.ts';

type Test = (interview: Interview) => boolean;

/** Binds the conditions of an outcome or of an entry, with the logic between them. */
export function bindConditions(
  binder: Binder,
  element: string,
  conditions: readonly Condition[],
  logic: Logic,
): Test {
  const tests = conditions.map((condition) => bindCondition(binder, element, condition));
  return (interview) => holds(logic, (index) => tests[index]?.(interview) === true);
}

function bindCondition(binder: Binder, element: string, condition: Condition): Test {
  if (condition.operator === 'IsChanged') return bindIsChanged(binder, element, condition);
  const operator = Object.hasOwn(CONDITION_OPERATORS, condition.operator)
    ? CONDITION_OPERATORS[condition.operator]
    : undefined;
  if (operator === undefined)
    return binder.unsupported(element, `the operator ${condition.operator}`);
  const left = binder.accessor(element, condition.left);
  if (!operator.left(left.type)) {
    binder.fail(
      element,
      `${condition.operator} does not take a ${typeText(left.type)} (${condition.left})`,
    );
  }
  const wanted: FlowType =
    operator.right === 'boolean' || left.type.kind !== 'scalar'
      ? { kind: 'scalar', type: 'boolean' }
      : operator.right === 'collection'
        ? { kind: 'collection', of: left.type }
        : left.type;
  const right = binder.operandOf(
    element,
    condition.right,
    wanted,
    `${condition.left} ${condition.operator}`,
  );
  return (interview) =>
    operator.test(left.get(interview), right.get(interview), () => interview.context.exactCase);
}

/** Whether a field of `$Record` differs from before the save. False for a new record. */
function bindIsChanged(binder: Binder, element: string, condition: Condition): Test {
  const { start } = binder.flow;
  const field = /^\$Record\.(\w+)$/.exec(condition.left)?.[1];
  if (start.kind !== 'record' || start.timing === 'delete' || field === undefined) {
    return binder.fail(
      element,
      `IsChanged needs a field of $Record in a record-triggered flow, found ${condition.left}`,
    );
  }
  const now = binder.scalar(element, condition.left);
  const wanted = { kind: 'scalar', type: 'boolean' } as const;
  const right = binder.operandOf(element, condition.right, wanted, `${condition.left} IsChanged`);
  return (interview) => {
    const prior = interview.trigger?.prior;
    const changed =
      prior !== undefined && toField(now.get(interview)) !== (prior.fields[field] ?? null);
    return changed === right.get(interview);
  };
}
