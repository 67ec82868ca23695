import { addressOf } from '../page/address.ts';

/*
 * lightning/navigation for pages of the local org: record and object pages of this org, and web pages.
 * Source: Lightning Web Components Developer Guide, "PageReference Types".
 */

const Navigate = Symbol('Navigate');
const GenerateUrl = Symbol('GenerateUrl');

type Constructor = new (...given: readonly unknown[]) => object;

/** Adds `this[NavigationMixin.Navigate](page, replace)` and `this[NavigationMixin.GenerateUrl](page)`. */
export function NavigationMixin(Base: Constructor): Constructor {
  return class extends Base {
    [Navigate](reference: unknown, replace = false): void {
      const address = addressOf(reference);
      if (replace) location.replace(address);
      else location.assign(address);
    }

    [GenerateUrl](reference: unknown): Promise<string> {
      return Promise.resolve(addressOf(reference));
    }
  };
}

NavigationMixin.Navigate = Navigate;
NavigationMixin.GenerateUrl = GenerateUrl;
