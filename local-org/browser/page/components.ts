import { createElement } from 'lwc';
import LightningIcon from 'lightning/icon';
import { bundles } from 'page:bundles';

import { make } from './dom.ts';

/** An icon by its name (`standard:case`), for decoration only. */
export function icon(name: string, size: string): HTMLElement {
  const element = createElement('lightning-icon', { is: LightningIcon });
  return Object.assign(element, { iconName: name, size });
}

/**
 * Loads a bundle of the package and places its component. What goes wrong is shown in its place, so that
 * one broken component does not take the page with it.
 * @param properties values for its public properties; those it does not have are left out
 */
export async function placeBundle(
  target: HTMLElement,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    const load = bundles[name];
    if (load === undefined) throw new Error(`There is no bundle ${name}`);
    const { default: component } = await load();
    const element = createElement(tagOf(name), { is: component });
    const known = Object.entries(properties).filter(([property]) => property in element);
    Object.assign(element, Object.fromEntries(known));
    target.append(element);
  } catch (error) {
    console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    target.replaceChildren(
      make(
        'div',
        { class: 'host-card host-problem', role: 'alert' },
        make('h2', {}, `${name} cannot be shown`),
        make('p', {}, reason),
      ),
    );
  }
}

/** `signalAssetHealth` → `c-signal-asset-health` */
export function tagOf(bundle: string): string {
  return `c-${bundle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
