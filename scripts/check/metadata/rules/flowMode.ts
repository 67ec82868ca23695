import type { Rule } from '../rule.ts';
import { childOf, textOf } from '../xml.ts';

/*
 * "Runs in system mode without sharing, because the bridge user may not see Cases", or the same with a colon.
 */
const REASON = /\bin system mode[^.]*(?:\bbecause|:) \S/;

/** A flow that is told to run in system mode, past the rights of whoever starts it, says why in its description. */
export const flowMode: Rule = function* ({ type, root }) {
  const mode = type === 'Flow' ? childOf(root, 'runInMode') : undefined;
  if (mode?.text.startsWith('SystemMode') !== true) return;
  if (REASON.test(textOf(root, 'description'))) return;
  const text = `<runInMode> ${mode.text}: the description does not say why ("… in system mode, because …")`;
  yield { line: mode.line, text };
};
