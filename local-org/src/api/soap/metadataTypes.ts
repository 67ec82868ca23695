/** A kind of metadata as the Metadata API names it and puts it in a folder of a package. */
export interface MetadataType {
  readonly xmlName: string;
  readonly directoryName: string;
  readonly suffix: string;
  /** Elements inside its file that are components of their own, and what source format calls them. */
  readonly children?: Readonly<
    Record<
      string,
      { readonly xmlName: string; readonly directory: string; readonly suffix: string }
    >
  >;
  /** A component is a folder of files. */
  readonly isBundle?: boolean;
}

/**
 * What a package for this org may hold. The loader judges what it reads of these, and passes over what only people
 * and reports see (layouts, list views); any other kind is refused as a component.
 */
export const METADATA_TYPES: readonly MetadataType[] = [
  {
    xmlName: 'CustomObject',
    directoryName: 'objects',
    suffix: 'object',
    children: {
      fields: { xmlName: 'CustomField', directory: 'fields', suffix: 'field' },
      listViews: { xmlName: 'ListView', directory: 'listViews', suffix: 'listView' },
      compactLayouts: {
        xmlName: 'CompactLayout',
        directory: 'compactLayouts',
        suffix: 'compactLayout',
      },
      validationRules: {
        xmlName: 'ValidationRule',
        directory: 'validationRules',
        suffix: 'validationRule',
      },
      recordTypes: { xmlName: 'RecordType', directory: 'recordTypes', suffix: 'recordType' },
      fieldSets: { xmlName: 'FieldSet', directory: 'fieldSets', suffix: 'fieldSet' },
      webLinks: { xmlName: 'WebLink', directory: 'webLinks', suffix: 'webLink' },
      indexes: { xmlName: 'Index', directory: 'indexes', suffix: 'index' },
      businessProcesses: {
        xmlName: 'BusinessProcess',
        directory: 'businessProcesses',
        suffix: 'businessProcess',
      },
      sharingReasons: {
        xmlName: 'SharingReason',
        directory: 'sharingReasons',
        suffix: 'sharingReason',
      },
    },
  },
  { xmlName: 'Flow', directoryName: 'flows', suffix: 'flow' },
  { xmlName: 'PermissionSet', directoryName: 'permissionsets', suffix: 'permissionset' },
  {
    xmlName: 'PermissionSetGroup',
    directoryName: 'permissionsetgroups',
    suffix: 'permissionsetgroup',
  },
  {
    xmlName: 'CustomPermission',
    directoryName: 'customPermissions',
    suffix: 'customPermission',
  },
  { xmlName: 'Queue', directoryName: 'queues', suffix: 'queue' },
  {
    xmlName: 'CustomNotificationType',
    directoryName: 'notificationtypes',
    suffix: 'notiftype',
  },
  { xmlName: 'CustomLabels', directoryName: 'labels', suffix: 'labels' },
  { xmlName: 'CustomTab', directoryName: 'tabs', suffix: 'tab' },
  { xmlName: 'CustomApplication', directoryName: 'applications', suffix: 'app' },
  { xmlName: 'FlexiPage', directoryName: 'flexipages', suffix: 'flexipage' },
  { xmlName: 'QuickAction', directoryName: 'quickActions', suffix: 'quickAction' },
  { xmlName: 'Layout', directoryName: 'layouts', suffix: 'layout' },
  {
    xmlName: 'LightningComponentBundle',
    directoryName: 'lwc',
    suffix: 'js',
    isBundle: true,
  },
];
