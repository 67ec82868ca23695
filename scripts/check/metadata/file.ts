import { basename } from 'node:path';
import type { XmlElement } from './xml.ts';

/** A metadata file that is well-formed XML. */
export interface MetadataFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  /** The metadata type: the name of the root element. */
  readonly type: string;
  /** The component's API name: what the file's name says before its suffix. */
  readonly name: string;
  /** For a part of an object (a field, a list view …): the object its folder names. */
  readonly object: string | undefined;
  readonly root: XmlElement;
}

/* Suffix in source format → metadata type, for all types the package has or is likely to get. */
const TYPES: Readonly<Record<string, string>> = {
  app: 'CustomApplication',
  assignmentRules: 'AssignmentRules',
  businessProcess: 'BusinessProcess',
  compactLayout: 'CompactLayout',
  customPermission: 'CustomPermission',
  dashboard: 'Dashboard',
  duplicateRule: 'DuplicateRule',
  entitlementProcess: 'EntitlementProcess',
  field: 'CustomField',
  fieldSet: 'FieldSet',
  flexipage: 'FlexiPage',
  flow: 'Flow',
  flowtest: 'FlowTest',
  globalValueSet: 'GlobalValueSet',
  group: 'Group',
  js: 'LightningComponentBundle',
  labels: 'CustomLabels',
  layout: 'Layout',
  listView: 'ListView',
  md: 'CustomMetadata',
  messageChannel: 'LightningMessageChannel',
  milestoneType: 'MilestoneType',
  mutingpermissionset: 'MutingPermissionSet',
  notiftype: 'CustomNotificationType',
  object: 'CustomObject',
  permissionset: 'PermissionSet',
  permissionsetgroup: 'PermissionSetGroup',
  platformEventChannel: 'PlatformEventChannel',
  platformEventChannelMember: 'PlatformEventChannelMember',
  queue: 'Queue',
  quickAction: 'QuickAction',
  recordType: 'RecordType',
  report: 'Report',
  reportType: 'ReportType',
  resource: 'StaticResource',
  role: 'Role',
  sharingRules: 'SharingRules',
  standardValueSet: 'StandardValueSet',
  tab: 'CustomTab',
  translation: 'Translations',
  validationRule: 'ValidationRule',
  webLink: 'WebLink',
  workflow: 'Workflow',
};

/** All metadata types a suffix stands for. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set(Object.values(TYPES));

/** What the path says about a file: `objects/Case/fields/X__c.field-meta.xml` is CustomField X__c of Case. */
export function readPath(path: string): {
  readonly name: string;
  readonly suffix: string;
  readonly type: string | undefined;
  readonly object: string | undefined;
} {
  const [, name = '', suffix = ''] = /^(.*)\.([^.]+)-meta\.xml$/.exec(basename(path)) ?? [];
  const object = /\/objects\/([^/]+)\/[^/]+\/[^/]+$/.exec(path)?.[1];
  return { name, suffix, type: TYPES[suffix], object };
}
