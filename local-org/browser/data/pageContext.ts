/** What the server says about the page and its viewer; no data of records. */
export interface PageContext {
  readonly userId: string;
  readonly view: PageView;
  /** `Asset` → labels and the like of all objects with pages here. */
  readonly objects: Readonly<Record<string, ObjectView>>;
}

export type PageView =
  | { readonly kind: 'record'; readonly object: string; readonly recordId: string }
  | { readonly kind: 'list'; readonly object: string; readonly list: string | null }
  | {
      readonly kind: 'flow';
      readonly flow: string;
      /** Values of variables as the address gives them. */
      readonly inputs: Readonly<Record<string, string | readonly string[]>>;
      /** Where its end leads, a path of this org; null: it starts anew. */
      readonly returnTo: string | null;
    };

/** How the pages of an object look. */
export interface ObjectView {
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  /** The field that names a record: `Name`, `CaseNumber`. */
  readonly nameField: string;
  /** `standard:case`, as lightning-icon names it. */
  readonly icon: string;
  /** The fields of the header, below the name. */
  readonly highlights: readonly string[];
  readonly details: readonly DetailSection[];
  /** The lists to choose from; there is always one. */
  readonly lists: readonly ListChoice[];
  readonly orderBy: { readonly field: string; readonly descending: boolean };
  readonly relatedLists: readonly RelatedList[];
  readonly pages: Readonly<Record<'Large' | 'Small', readonly PageRegion[]>>;
  readonly actions: readonly RecordAction[];
}

/** A button of a record: it opens a component, or a screen flow whose input `recordId` is the record. */
export type RecordAction =
  | { readonly label: string; readonly component: string }
  | { readonly label: string; readonly flow: string };

/** Fields under a heading, column by column; null where the section has none. */
export interface DetailSection {
  readonly heading: string | null;
  readonly columns: readonly (readonly string[])[];
}

/** A list of records: which, and what of them. */
export interface ListChoice {
  /** As the address names it. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly string[];
  /** The filter as GraphQL writes it, or null for all records. */
  readonly where: string | null;
}

/** Records whose `lookup` points to the record of the page. */
export interface RelatedList {
  readonly object: string;
  readonly lookup: string;
  readonly label: string;
  /** Fields to show, the name first. */
  readonly columns: readonly string[];
  /** Absent: as the lists of that object. */
  readonly orderBy?: ObjectView['orderBy'];
}

export interface PageRegion {
  readonly name: string;
  readonly components: readonly (
    | { readonly kind: 'standard'; readonly name: string }
    | {
        readonly kind: 'bundle';
        readonly name: string;
        readonly properties: Readonly<Record<string, string | number | boolean>>;
      }
  )[];
}
