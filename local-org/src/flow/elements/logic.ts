import type { Binder } from '../binder.ts';
import { bindConditions } from '../conditions.ts';
import type { CustomErrorElement, DecisionElement, LoopElement } from '../model.ts';
import type { Interview, Step } from '../runtime.ts';
import { bindTemplate } from '../template.ts';
import { copyValue, fits, toField } from '../values.ts';

/** Decision: the first outcome whose conditions hold, else the default. */
export function bindDecision(binder: Binder, element: DecisionElement): Step {
  const where = `${element.kind} ${element.name}`;
  const rules = element.rules.map((rule) => ({
    ...rule,
    test: bindOutcome(binder, `${where} rule ${rule.name}`, rule),
  }));
  return {
    kind: 'instant',
    run: (interview) => {
      const rule = rules.find((one) => one.test(interview));
      return rule === undefined
        ? { next: element.next, connector: 'default' }
        : { next: rule.next, connector: 'rule', detail: rule.name };
    },
  };
}

/**
 * "Only if the record that triggered the flow to run is updated to meet the condition requirements":
 * the conditions hold now and did not hold for the record as it was; for a new record they need only
 * hold (salesforce-flowsome.com/flow-how-to-use-decision: "created, and any time it's edited to
 * subsequently meet criteria").
 */
function bindOutcome(
  binder: Binder,
  where: string,
  rule: DecisionElement['rules'][number],
): (interview: Interview) => boolean {
  const test = bindConditions(binder, where, rule.conditions, rule.logic);
  if (!rule.onlyWhenChangedToMeet) return test;
  const { start } = binder.flow;
  if (start.kind !== 'record' || start.on === 'Create' || start.on === 'Delete')
    binder.fail(where, 'doesRequireRecordChangedToMeetCriteria needs a flow that runs on updates');
  return (interview) => {
    const { trigger } = interview;
    if (!test(interview)) return false;
    if (trigger?.prior === undefined) return true;
    return !test({ ...interview, trigger: { ...trigger, record: trigger.prior } });
  };
}

/** Loop: each visit takes the next item; the list is the one of the first visit. */
export function bindLoop(binder: Binder, element: LoopElement): Step {
  const where = `${element.kind} ${element.name}`;
  const collection = binder.accessor(where, element.collection);
  if (collection.type.kind !== 'collection')
    return binder.fail(where, `${element.collection} is not a collection`);
  const itemTo = element.itemTo === undefined ? undefined : binder.target(where, element.itemTo);
  if (itemTo !== undefined && !fits(itemTo.type, collection.type.of)) {
    binder.fail(where, `${element.itemTo} cannot hold an item of ${element.collection}`);
  }
  return {
    kind: 'instant',
    run: (interview) => {
      const list = collection.get(interview);
      const loop = interview.loops.get(element.name) ?? {
        items: Array.isArray(list) ? (element.descending ? [...list].reverse() : [...list]) : [],
        index: 0,
      };
      const item = loop.items[loop.index];
      if (item === undefined) {
        interview.loops.delete(element.name);
        return { next: element.next, connector: 'noMoreValues' };
      }
      loop.index += 1;
      interview.loops.set(element.name, loop);
      const copy = copyValue(item);
      if (itemTo === undefined) interview.values.set(element.name, copy);
      else itemTo.set(interview, copy);
      return { next: element.body, connector: 'nextValue' };
    },
  };
}

/** Custom Error: refuses the record that is being saved; the interview ends here. */
export function bindCustomError(binder: Binder, element: CustomErrorElement): Step {
  const where = `${element.kind} ${element.name}`;
  const { start } = binder.flow;
  if (start.kind !== 'record')
    return binder.fail(where, 'only a record-triggered flow may refuse its record');
  const object = binder.object(where, start.selection.object);
  const messages = element.messages.map((message) => {
    if (message.field !== undefined && !object.fields.has(message.field)) {
      binder.fail(where, `${object.name} has no field ${message.field}`);
    }
    return { field: message.field, text: bindTemplate(binder, element.name, message.text) };
  });
  return {
    kind: 'custom-error',
    errors: (interview) =>
      messages.map(({ field, text }) => ({
        field,
        message: String(toField(text.get(interview)) ?? ''),
      })),
  };
}
