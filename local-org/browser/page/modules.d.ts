/** The bundles of the metadata, written by the build: name → how to load it. */
declare module 'page:bundles' {
  import type { LightningElement } from 'lwc';
  export const bundles: Readonly<
    Record<string, () => Promise<{ readonly default: typeof LightningElement }>>
  >;
}

declare module 'lightning/icon' {
  import { LightningElement } from 'lwc';
  export default class LightningIcon extends LightningElement {}
}
