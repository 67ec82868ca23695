/** A field's type in the words of the Metadata API (`CustomField.type`). */
export type FieldType =
  | 'Id'
  | 'Text'
  | 'TextArea'
  | 'LongTextArea'
  | 'Picklist'
  | 'Number'
  | 'Checkbox'
  | 'DateTime'
  | 'Date'
  | 'Lookup'
  | 'Email'
  | 'Phone'
  | 'Url'
  | 'AutoNumber'
  | 'Location';

export interface PicklistValue {
  readonly name: string;
  readonly label: string;
  readonly isDefault: boolean;
}

/** One field of an object, standard or from `force-app`. */
export interface FieldDef {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters, for text types. */
  readonly length?: number;
  /** Digits in all, for Number. */
  readonly precision?: number;
  /** Digits after the point, for Number. */
  readonly scale?: number;
  readonly required: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly picklist?: { readonly restricted: boolean; readonly values: readonly PicklistValue[] };
  /** For Lookup: the objects it may point to. */
  readonly referenceTo?: readonly string[];
  /** For Lookup: how SOQL names the parent, e.g. `Asset__r` or `Account`. */
  readonly relationshipName?: string;
  /** For Lookup: how a record it points to names those that point there, e.g. `Asset_Signals__r`. */
  readonly childRelationshipName?: string;
  /** For Lookup: what deleting the target does; `SetNull` when absent. */
  readonly deleteConstraint?: 'SetNull' | 'Restrict' | 'Cascade';
  /** For AutoNumber, e.g. `S-{00000000}`. */
  readonly displayFormat?: string;
  /** A literal default (`true`, `'text'` without quotes, number); formulas are refused at load. */
  readonly defaultValue?: string | number | boolean;
  /** `trackHistory`: its changes are kept where the object has `enableHistory`. */
  readonly tracked?: boolean;
  /** Computed when read, never stored; such a field is also `system`. `file` is for errors. */
  readonly formula?: {
    readonly source: string;
    /** Whether an empty number counts as 0. */
    readonly blanksAsZero: boolean;
    readonly file: string;
  };
  /** For the latitude and the longitude of a Location: the compound field, which has no value of its own. */
  readonly compound?: string;
  /** For Number: the least and the greatest value, where its digits allow for more. */
  readonly range?: readonly [number, number];
  /** Set by the platform only (Id, CreatedDate, …). */
  readonly system: boolean;
}

export interface ObjectDef {
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly kind: 'standard' | 'custom' | 'event';
  /** The first three characters of its record ids. */
  readonly keyPrefix: string;
  readonly fields: ReadonlyMap<string, FieldDef>;
  /** Who may see and change rows of others: the organization-wide default. Absent means `ReadWrite`. */
  readonly sharing?: 'Private' | 'Read' | 'ReadWrite';
  /**
   * `enableHistory`: changes of tracked fields are kept in `NAME__History`. A standard object keeps
   * them in `NAMEHistory` when one of its fields is tracked.
   */
  readonly keepsHistory?: boolean;
  /** `enableActivities`: tasks may be related to its records. */
  readonly hasActivities?: boolean;
  /** `compactLayoutAssignment`: the compact layout of its pages; absent means the system's. */
  readonly compactLayout?: string;
  /** For a history object: the object whose changes it holds. */
  readonly historyOf?: string;
  /** For events. */
  readonly publishBehavior?: 'PublishAfterCommit' | 'PublishImmediately';
  /** Absolute path of the defining file; absent for standard objects. */
  readonly file?: string;
}

export interface PermissionSetDef {
  readonly name: string;
  readonly label: string;
  readonly objects: ReadonlyMap<
    string,
    {
      readonly create: boolean;
      readonly read: boolean;
      readonly edit: boolean;
      readonly delete: boolean;
      readonly viewAll: boolean;
      readonly modifyAll: boolean;
      readonly viewAllFields: boolean;
    }
  >;
  /** By `Object.Field`. */
  readonly fields: ReadonlyMap<string, { readonly read: boolean; readonly edit: boolean }>;
  readonly userPermissions: ReadonlySet<string>;
  /** Custom permissions that it gives, by name; absent means none. */
  readonly customPermissions?: ReadonlySet<string>;
  /** Names of the flows that it lets run; absent means none. */
  readonly flows?: ReadonlySet<string>;
  /** Names of apps and tabs (`Asset_Signal__c`, `standard-Asset`) that it shows; absent means none. */
  readonly shows?: { readonly apps: ReadonlySet<string>; readonly tabs: ReadonlySet<string> };
}

/** Permission sets that are assigned together. */
export interface PermissionSetGroupDef {
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  /** Names of the sets. */
  readonly permissionSets: readonly string[];
}

/** A validation rule: a row for which its formula is true is not saved. */
export interface ValidationRuleDef {
  readonly object: string;
  readonly name: string;
  /** Absolute path of the defining file. */
  readonly file: string;
  readonly active: boolean;
  readonly formula: string;
  readonly message: string;
  /** Where the message is shown; absent means at the top of the page. */
  readonly field?: string;
}

/** A type of custom notification, which a flow finds by its developer name. */
export interface NotificationTypeDef {
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly desktop: boolean;
  readonly mobile: boolean;
}

/** Everything the org loaded from source, once, at start. */
export interface OrgMetadata {
  readonly objects: ReadonlyMap<string, ObjectDef>;
  readonly permissionSets: ReadonlyMap<string, PermissionSetDef>;
  /** By name. */
  readonly permissionSetGroups?: ReadonlyMap<string, PermissionSetGroupDef>;
  /** By name. */
  readonly customPermissions?: ReadonlyMap<string, { readonly label: string }>;
  /** Custom labels: their texts by name. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Queue developer name → objects it may own. */
  readonly queues: ReadonlyMap<
    string,
    {
      readonly label: string;
      readonly objects: readonly string[];
      readonly email?: string | undefined;
      readonly emailsMembers?: boolean;
    }
  >;
  readonly validationRules: readonly ValidationRuleDef[];
  /** By developer name. */
  readonly notificationTypes?: ReadonlyMap<string, NotificationTypeDef>;
  /** The flow files as found; the flow folder parses and judges them. */
  readonly flows: readonly { readonly name: string; readonly file: string; readonly xml: string }[];
}

/** The source contradicts itself (a permission on a missing field, a number without a precision); thrown at load. */
export class InvalidSource extends Error {
  readonly file: string;
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'InvalidSource';
    this.file = file;
  }
}

/** A feature of the source that this org does not implement; thrown at load, never skipped. */
export class Unsupported extends Error {
  readonly file: string;
  readonly element: string;
  readonly feature: string;
  constructor(file: string, element: string, feature: string) {
    super(
      `${file}: ${element}: ${feature} is not implemented by the local org. ` +
        'See local-org/SUPPORT.md for what is; remove it or add it there.',
    );
    this.name = 'Unsupported';
    this.file = file;
    this.element = element;
    this.feature = feature;
  }
}
