import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

import { z } from 'zod';

const browser = join(import.meta.dirname, '../../../browser');

/** The folder of the modules that run in the browser. */
export const BROWSER_FOLDER = browser;

/** What bundles may import of the platform, besides base components, labels and schema; and how far it goes. */
export const PLATFORM_MODULES: Readonly<
  Record<string, { readonly file: string; readonly note: string }>
> = {
  'lightning/uiRecordApi': {
    file: 'lightning/uiRecordApi.ts',
    note: 'getRecord (fields, optionalFields), getFieldValue, getFieldDisplayValue, createRecord, updateRecord, deleteRecord, notifyRecordUpdateAvailable',
  },
  'lightning/uiGraphQLApi': {
    file: 'lightning/uiGraphQLApi.ts',
    note: 'gql, graphql, refreshGraphQL',
  },
  'lightning/uiObjectInfoApi': { file: 'lightning/uiObjectInfoApi.ts', note: 'getObjectInfo' },
  'lightning/navigation': {
    file: 'lightning/navigation.ts',
    note: 'NavigationMixin for record pages (view), object pages (list, home) and web pages',
  },
  'lightning/platformShowToastEvent': {
    file: 'lightning/platformShowToastEvent.ts',
    note: 'ShowToastEvent',
  },
  'lightning/actions': { file: 'lightning/actions.ts', note: 'CloseActionScreenEvent' },
  '@salesforce/user/Id': { file: 'salesforce/userId.ts', note: 'the viewer' },
  '@salesforce/i18n/locale': { file: 'salesforce/locale.ts', note: 'always en-US' },
  '@salesforce/i18n/lang': { file: 'salesforce/lang.ts', note: 'always en-US' },
  '@salesforce/i18n/timeZone': {
    file: 'salesforce/timeZone.ts',
    note: 'that of the browser: users here have none',
  },
  '@salesforce/client/formFactor': {
    file: 'salesforce/formFactor.ts',
    note: 'Small below 48 em, else Large',
  },
};

/** Modules of the platform that base components need too, so that they agree with the page. */
export const SHARED_MODULES = [
  '@salesforce/i18n/locale',
  '@salesforce/i18n/lang',
  '@salesforce/i18n/timeZone',
  '@salesforce/client/formFactor',
] as const;

/** The absolute path of a browser module, or undefined when there is none of that name. */
export function platformFile(name: string): string | undefined {
  const known = Object.hasOwn(PLATFORM_MODULES, name) ? PLATFORM_MODULES[name] : undefined;
  return known === undefined ? undefined : join(browser, known.file);
}

/** The folder of an installed package. */
export function packageFolder(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (file === undefined) throw new Error(`The package ${name} is not installed; run: npm ci`);
  return dirname(file);
}

/** Base components that need parts of Lightning Experience around them, which pages here do not have. */
const NEED_A_HOST: ReadonlySet<string> = new Set([
  'alert',
  'barcodeScanner',
  'configProvider',
  'confirm',
  'fileDownload',
  'mediaUtils',
  'modal',
  'navigation',
  'prompt',
  'toast',
  'toastContainer',
]);

const listing = z.record(z.string(), z.looseObject({ minVersion: z.string().optional() }));

/** The public base components (`button`, `datatable`) that bundles may use. */
export function baseComponents(): ReadonlySet<string> {
  const folder = packageFolder('lightning-base-components');
  const text = readFileSync(join(folder, 'metadata/raptor.json'), 'utf8');
  const names = Object.entries(listing.parse(JSON.parse(text)))
    .filter(([name, { minVersion }]) => minVersion !== undefined && !NEED_A_HOST.has(name))
    .map(([name]) => name)
    .filter((name) => existsSync(join(folder, 'src/lightning', name)));
  return new Set(names.toSorted());
}
