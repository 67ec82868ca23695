import type { Binder } from '../binder.ts';
import type { ActionElement } from '../model.ts';
import type { Outbox } from '../outbox.ts';
import type { Accessor, BulkOutcome, Interview, Step } from '../runtime.ts';
import { toField, type FlowType } from '../values.ts';

const TEXT: FlowType = { kind: 'scalar', type: 'text' };
const TEXTS: FlowType = { kind: 'collection', of: { kind: 'scalar', type: 'text' } };
const FLAG: FlowType = { kind: 'scalar', type: 'boolean' };

interface InputRule {
  readonly type: FlowType;
  readonly required: boolean;
}

/**
 * What the actions take. Sources: Actions Developer Guide, "Custom Notification Actions"
 * (.../actions_obj_custom_notification.htm: a targetId or a targetPageRef must be given) and "Simple
 * Email Actions" (.../actions_obj_email_simple.htm: one of the two ways to name recipients).
 */
export const ACTION_INPUTS: Readonly<
  Record<ActionElement['action'], Readonly<Record<string, InputRule>>>
> = {
  customNotificationAction: {
    customNotifTypeId: { type: TEXT, required: true },
    recipientIds: { type: TEXTS, required: true },
    title: { type: TEXT, required: true },
    body: { type: TEXT, required: true },
    targetId: { type: TEXT, required: true },
    senderId: { type: TEXT, required: false },
  },
  emailSimple: {
    emailAddresses: { type: TEXT, required: false },
    emailAddressesArray: { type: TEXTS, required: false },
    emailSubject: { type: TEXT, required: true },
    emailBody: { type: TEXT, required: true },
    sendRichBody: { type: FLAG, required: false },
  },
};

type Inputs = ReadonlyMap<string, Accessor>;

/**
 * Actions. All or nothing: the Spring '20 release note "Save Successful Record Changes in a Batch"
 * names Create, Update and Subflow as the elements that are not, so one interview whose message
 * cannot be sent fails the element for every interview that waits at it, and nothing is sent.
 */
export function bindAction(binder: Binder, element: ActionElement): Step {
  const where = `${element.kind} ${element.name}`;
  const { start } = binder.flow;
  if (start.kind === 'record' && start.timing === 'before')
    binder.fail(where, 'a before-save flow cannot do actions');
  const inputs = bindInputs(binder, where, element);
  const prepare = element.action === 'emailSimple' ? emailOf(inputs) : notificationOf(inputs);
  return {
    kind: 'bulk',
    next: element.next,
    fault: element.fault,
    run: (interviews) => {
      const prepared = interviews.map(prepare);
      const refused = prepared.flatMap(({ refusal }) => refusal ?? [])[0];
      const outcome: BulkOutcome =
        refused === undefined ? { ok: true } : { ok: false, message: refused, partial: false };
      if (outcome.ok) prepared.forEach(({ send }) => send());
      return interviews.map(() => outcome);
    },
  };
}

function bindInputs(binder: Binder, where: string, element: ActionElement): Inputs {
  const rules = ACTION_INPUTS[element.action];
  const inputs = new Map(
    element.inputs.map(({ name, value }) => {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (rule === undefined)
        return binder.unsupported(where, `the input ${name} of ${element.action}`);
      return [name, binder.operandOf(where, value, rule.type, name)] as const;
    }),
  );
  for (const [name, { required }] of Object.entries(rules))
    if (required && !inputs.has(name)) binder.fail(where, `the input ${name} is missing`);
  const addressed = inputs.has('emailAddresses') || inputs.has('emailAddressesArray');
  if (element.action === 'emailSimple' && !addressed)
    binder.fail(where, 'the input emailAddresses or emailAddressesArray is missing');
  return inputs;
}

interface Prepared {
  /** Why it cannot be sent; undefined: it can. */
  readonly refusal: string | undefined;
  readonly send: () => void;
}

function notificationOf(inputs: Inputs): (interview: Interview) => Prepared {
  return (interview) => {
    const { outbox } = interview.context;
    const sender = textOf(inputs, 'senderId', interview);
    const notification = {
      typeId: textOf(inputs, 'customNotifTypeId', interview),
      recipientIds: textsOf(inputs, 'recipientIds', interview),
      title: textOf(inputs, 'title', interview),
      body: textOf(inputs, 'body', interview),
      targetId: textOf(inputs, 'targetId', interview),
      senderId: sender === '' ? undefined : sender,
    };
    return {
      refusal: outbox.refuseNotification(notification),
      send: () => outbox.notify(notification),
    };
  };
}

function emailOf(inputs: Inputs): (interview: Interview) => Prepared {
  return (interview) => {
    const outbox: Outbox = interview.context.outbox;
    const list = textOf(inputs, 'emailAddresses', interview).split(',');
    const email = {
      addresses: [...list, ...textsOf(inputs, 'emailAddressesArray', interview)]
        .map((address) => address.trim())
        .filter((address) => address !== ''),
      subject: textOf(inputs, 'emailSubject', interview),
      body: textOf(inputs, 'emailBody', interview),
      rich: inputs.get('sendRichBody')?.get(interview) === true,
    };
    return { refusal: outbox.refuseEmail(email), send: () => outbox.send(email) };
  };
}

function textOf(inputs: Inputs, name: string, interview: Interview): string {
  return String(toField(inputs.get(name)?.get(interview)) ?? '');
}

function textsOf(inputs: Inputs, name: string, interview: Interview): string[] {
  const value = inputs.get(name)?.get(interview);
  return Array.isArray(value) ? value.map((item) => String(toField(item) ?? '')) : [];
}
