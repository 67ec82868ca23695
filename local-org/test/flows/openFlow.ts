import type { FlowInputs } from '../../src/automation/flowInputs.ts';
import type { FlowValue } from '../../src/flow/values.ts';
import type { Answers, FieldView, ScreenView } from '../../src/flow/screens/view.ts';
import type { PackageOrg } from './packageOrg.ts';
import type { TestUser } from '../../src/automation/testUsers.ts';

/**
 * A screen flow that a test clicks through. Whatever does not fit where it stands throws with what
 * is there: a wrong answer, `screen` when it has finished, `next` where there is no such button.
 */
export interface FlowUnderTest {
  /** The screen that shows. */
  readonly screen: ScreenView;
  /** Why the last answers were not accepted, by field; empty when they were. */
  readonly errors: Readonly<Record<string, string>>;
  readonly finished: boolean;
  /** The message of the fault that nobody handled and that ended it; undefined when none did. */
  readonly failure: string | undefined;
  /** Output variables, once it has finished. */
  readonly outputs: Readonly<Record<string, FlowValue>>;
  /** A field of the screen by its name, visible or not. */
  field(name: string): FieldView;
  /** What a person reads on the screen: labels and texts of the visible fields, a line each. */
  readonly text: string;
  /** Answers and clicks Next or Finish, then runs whatever else became due. Fields left out keep what they show. */
  next(answers?: Answers): Promise<FlowUnderTest>;
  /** Clicks Previous. */
  back(): Promise<FlowUnderTest>;
}

/**
 * Opens a screen flow of the package as a user, up to its first screen; its steps count for coverage.
 *
 * ```ts
 * const flow = await openFlow(org, 'Signals_SCR_Review', { recordId: signal }, { permissionSets: ['Signal_Service_Manager'] });
 * assert.equal(flow.screen.name, 'Review_Signal');
 * await flow.next({ Verdict: 'Confirmed', Reason: 'Seen on site' });
 * assert.ok(flow.finished);
 * ```
 *
 * Answers are text, numbers, true or false, `YYYY-MM-DD` or ISO 8601 times; of a choice its value
 * (several: a list). `inputs` are variables that are available for input.
 */
export async function openFlow(
  org: PackageOrg,
  name: string,
  inputs: FlowInputs = {},
  asUser: TestUser = 'administrator',
): Promise<FlowUnderTest> {
  const open = org.screenFlows.open(name, inputs, { userId: org.userId(asUser) });
  await org.run();
  const stop = (): string => {
    const state = open.state();
    if (state.kind === 'failed') return `it failed at ${state.element}: ${state.message}`;
    return state.kind === 'finished' ? 'it has finished' : `it shows ${state.screen.name}`;
  };
  const flow: FlowUnderTest = {
    get screen() {
      const state = open.state();
      if (state.kind !== 'screen') throw new Error(`${name} shows no screen: ${stop()}`);
      return state.screen;
    },
    get errors() {
      const state = open.state();
      return state.kind === 'screen' ? state.errors : {};
    },
    get finished() {
      return open.state().kind === 'finished';
    },
    get failure() {
      const state = open.state();
      return state.kind === 'failed' ? state.message : undefined;
    },
    get outputs() {
      const state = open.state();
      if (state.kind !== 'finished') throw new Error(`${name} has not finished: ${stop()}`);
      return state.outputs;
    },
    field(field) {
      const { fields, name: screen } = flow.screen;
      const found = fields.find((one) => one.name === field);
      const names = fields.map((one) => one.name).join(', ');
      if (found === undefined) throw new Error(`${screen} has no field ${field}; it has ${names}`);
      return found;
    },
    get text() {
      const visible = flow.screen.fields.filter((field) => field.visible);
      return visible
        .map((field) => (field.kind === 'display' ? field.text : field.label))
        .join('\n');
    },
    async next(answers = {}) {
      const { next, name: screen, fields } = flow.screen;
      if (next === null) throw new Error(`${screen} has no button that goes on`);
      const hidden = fields.find((one) => Object.hasOwn(answers, one.name) && !one.visible);
      const seen = hidden === undefined ? undefined : open.look(answers);
      const still = seen?.fields.find((one) => Object.hasOwn(answers, one.name) && !one.visible);
      if (still !== undefined) throw new Error(`${screen} does not show ${still.name}`);
      open.next(answers);
      await org.run();
      return flow;
    },
    async back() {
      const { back, name: screen } = flow.screen;
      if (back === null) throw new Error(`${screen} has no button that goes back`);
      open.back();
      await org.run();
      return flow;
    },
  };
  return flow;
}
