import { STANDARD_COMPONENTS, TEMPLATES } from '../metadata/flexiPageFile.ts';
import { FILTER_OPERATIONS } from '../metadata/listViewFilter.ts';

/** What of the metadata shapes pages, and how far, for SUPPORT.md. */
export const PAGE_METADATA: Readonly<Record<string, string>> = {
  CustomApplication:
    'Lightning apps with standard navigation: tabs, and record pages activated for an object and a form factor (`View`, `Flexipage`). A user gets the first app that a permission set shows.',
  CustomTab:
    'of custom objects; the motif gives the icon. Shown when a permission set says `Visible` and the object may be read.',
  CustomLabels: 'any number of files, in English (en_US).',
  FlexiPage: `record pages of the template ${Object.keys(TEMPLATES).join(', ')}; visibility by form factor alone; no facets.`,
  ListView: `of custom objects and Case, all records (\`Everything\`); filters joined by AND, with ${FILTER_OPERATIONS.join(', ')}; days as SOQL's literals (\`TODAY\`, \`LAST_N_DAYS:7\`). A list whose filters name a field that one may not read is not offered.`,
  CompactLayout: 'of custom objects: the one that the object names gives the fields of the header.',
  Layout:
    'of custom objects, one each: sections of one or two columns, related lists by lookup, and the record actions that the page shows (`platformActionList`; the buttons Edit, Delete and Clone draw nothing). What may be edited there is not shown: pages do not edit.',
  LightningComponentBundle:
    'targets `lightning__RecordPage` (objects, form factors, properties of type Boolean, Integer and String) and `lightning__RecordAction` (`ScreenAction`).',
  QuickAction:
    'Lightning web components as screens (`ScreenAction`); screen flows (`Flow`), whose input `recordId` is the record, in a window over the page, for those who may run them.',
};

/** The pages there are, for SUPPORT.md. */
export const PAGE_ADDRESSES: Readonly<Record<string, string>> = {
  '/lightning/r/OBJECT/ID/view':
    'a record: the page that the app has activated, else header, details and related lists. /lightning/r/ID/view and /ID lead there.',
  '/lightning/o/OBJECT/list':
    'up to 50 records of an object, by its list views; `?filterName=NAME` chooses one.',
  '/lightning/flow/NAME':
    'a screen flow; `?flow__VARIABLE=VALUE` (or `VARIABLE=VALUE`) sets variables that are available for input, `retURL` is where its end leads, else it starts anew. /flow/NAME is the same page.',
};

/** The standard components of pages, for SUPPORT.md. */
export const PAGE_COMPONENTS: Readonly<Record<string, string>> = STANDARD_COMPONENTS;
