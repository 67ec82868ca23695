import type { FieldView, ScreenView } from '../flow/screens/view.ts';
import type { FlowTestOrg } from './flowTestOrg.ts';
import type { OpenFlow } from './screenFlows.ts';

/* For tests: the flow S of an org as an administrator opens it, and what it shows. */

export function open(org: FlowTestOrg, inputs: Readonly<Record<string, unknown>> = {}): OpenFlow {
  return org.automation.screenFlows.open('S', inputs, {
    userId: org.users.idOf('administrator'),
  });
}

export function screenOf(flow: OpenFlow): ScreenView {
  const state = flow.state();
  if (state.kind === 'screen') return state.screen;
  throw new Error(JSON.stringify(state));
}

export function fieldOf(flow: OpenFlow, name: string): FieldView {
  const found = screenOf(flow).fields.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

export function errorsOf(flow: OpenFlow): Readonly<Record<string, string>> {
  const state = flow.state();
  if (state.kind === 'screen') return state.errors;
  throw new Error(JSON.stringify(state));
}

/** What the field `Said` of the screen says. */
export function said(flow: OpenFlow): string {
  const shown = fieldOf(flow, 'Said');
  return shown.kind === 'display' ? shown.text : '';
}
