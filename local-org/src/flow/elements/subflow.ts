import type { Binder } from '../binder.ts';
import { makeInterview } from '../interview.ts';
import type { SubflowElement, Variable } from '../model.ts';
import type { CompiledFlow, Step } from '../runtime.ts';
import { copyValue, scalarType, type FlowType, type ItemType } from '../values.ts';

/**
 * Subflow: runs another flow without a trigger inside the same interview and transaction. Flows
 * set off by an event cannot use it (Platform Events Developer Guide, "Considerations for Subscribing
 * to Platform Events with Processes and Flows").
 */
export function bindSubflow(
  binder: Binder,
  element: SubflowElement,
  compiled: (name: string) => CompiledFlow,
): Step {
  const where = `${element.kind} ${element.name}`;
  const { start } = binder.flow;
  if (start.kind === 'event')
    binder.fail(where, 'a flow set off by an event cannot call another flow');
  if (start.kind === 'record' && start.timing === 'before') {
    binder.fail(where, 'a before-save flow cannot call another flow');
  }
  const callee = binder.subflow(where, element.flow);
  // A screen needs somebody who sees it.
  if (callee.isScreenFlow && !binder.flow.isScreenFlow)
    binder.fail(where, `${element.flow} is a screen flow, which only a screen flow can call`);
  if (callee.start.kind !== 'none') binder.fail(where, `${element.flow} has a trigger of its own`);
  const inputs = element.inputs.map((input) => {
    const variable = callee.variables.get(input.name);
    if (variable?.isInput !== true)
      return binder.fail(where, `${element.flow} has no input ${input.name}`);
    return {
      name: input.name,
      value: binder.operandOf(where, input.value, variableType(variable), input.name),
    };
  });
  const outputs = element.outputs.map((output) => {
    const variable = callee.variables.get(output.name);
    if (variable?.isOutput !== true)
      return binder.fail(where, `${element.flow} has no output ${output.name}`);
    const target = binder.target(where, output.to);
    if (JSON.stringify(target.type) !== JSON.stringify(variableType(variable))) {
      binder.fail(where, `${output.to} cannot hold the output ${output.name}`);
    }
    return { name: output.name, target };
  });
  return {
    kind: 'call',
    next: element.next,
    enter: (interview) => {
      const flow = compiled(element.flow);
      const inner = makeInterview(flow, interview.context, {
        actor: interview.actor,
        callerMode: interview.mode,
        position: callee.start.next,
      });
      for (const { name, value } of inputs) inner.values.set(name, copyValue(value.get(interview)));
      return inner;
    },
    leave: (interview, inner) => {
      for (const { name, target } of outputs) target.set(interview, inner.values.get(name) ?? null);
    },
  };
}

function variableType(variable: Variable): FlowType {
  const item: ItemType =
    variable.type === 'SObject'
      ? { kind: 'record', object: variable.object ?? '' }
      : { kind: 'scalar', type: scalarType(variable.type) };
  return variable.isCollection ? { kind: 'collection', of: item } : item;
}
