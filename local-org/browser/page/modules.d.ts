/*
 * Modules that only the build knows: its plugins write or replace them. The engine's own types hang on
 * packages that are not installed; what pages use of it is little.
 */

declare module 'lwc' {
  /** The class of a component. */
  export type ComponentClass = new () => object;
  export function createElement(tag: string, options: { readonly is: ComponentClass }): HTMLElement;
}

declare module 'lightning/icon' {
  const LightningIcon: import('lwc').ComponentClass;
  export default LightningIcon;
}

/** The bundles of the metadata, written by the build: name → how to load it. */
declare module 'page:bundles' {
  export const bundles: Readonly<
    Record<string, () => Promise<{ readonly default: import('lwc').ComponentClass }>>
  >;
}
