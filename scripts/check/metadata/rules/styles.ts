import type { PackageRule } from '../rule.ts';

const HOOK_ALONE = /var\(\s*(--slds-g-[\w-]+)\s*\)/g;

/**
 * A styling hook has a value to fall back to: orgs on an SLDS 1 theme do not define them, and a line whose colour is
 * undefined is not drawn at all. Source: Lightning Design System, "Global Styling Hooks": supported in SLDS 2 themes.
 */
export const stylingHooks: PackageRule = function* ({ components }) {
  for (const { path, text } of components.flatMap(({ styles }) => styles)) {
    for (const { 1: hook = '', index } of text.matchAll(HOOK_ALONE)) {
      const line = text.slice(0, index).split('\n').length;
      yield { path, line, text: `${hook} has no value to fall back to, as SLDS 1 themes need` };
    }
  }
};
