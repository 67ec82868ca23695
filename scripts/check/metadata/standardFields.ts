/**
 * The standard objects the package speaks of, and those of their fields it may name: field → the object a lookup leads
 * to, '' for other fields. Not all there is; a field missing here is added with its first use.
 * Source: Object Reference for the Salesforce Platform, API version 66.0.
 */
export const STANDARD_OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Account: {
    AccountNumber: '',
    Industry: '',
    OwnerId: 'User',
    ParentId: 'Account',
    Phone: '',
    Type: '',
  },
  Asset: {
    AccountId: 'Account',
    AssetProvidedById: 'Account',
    AssetServicedById: 'Account',
    ContactId: 'Contact',
    Description: '',
    InstallDate: '',
    OwnerId: 'User',
    ParentId: 'Asset',
    Product2Id: 'Product2',
    RootAssetId: 'Asset',
    SerialNumber: '',
    Status: '',
    UsageEndDate: '',
  },
  Case: {
    AccountId: 'Account',
    AssetId: 'Asset',
    CaseNumber: '',
    ClosedDate: '',
    ContactId: 'Contact',
    Description: '',
    IsClosed: '',
    Origin: '',
    OwnerId: 'Group or User',
    ParentId: 'Case',
    Priority: '',
    Reason: '',
    Status: '',
    Subject: '',
    SuppliedEmail: '',
    SuppliedName: '',
    Type: '',
  },
  CaseComment: { CommentBody: '', IsPublished: '', ParentId: 'Case' },
  CaseStatus: { ApiName: '', IsClosed: '', IsDefault: '', MasterLabel: '', SortOrder: '' },
  Contact: {
    AccountId: 'Account',
    Email: '',
    HasOptedOutOfEmail: '',
    OwnerId: 'User',
    Phone: '',
  },
  CustomNotificationType: { DeveloperName: '' },
  Group: { DeveloperName: '', Email: '', RelatedId: '', Type: '' },
  GroupMember: { GroupId: 'Group', UserOrGroupId: 'Group or User' },
  Organization: { InstanceName: '', IsSandbox: '', OrganizationType: '' },
  PermissionSet: { Label: '', Name: '', PermissionSetGroupId: 'PermissionSetGroup' },
  PermissionSetAssignment: {
    AssigneeId: 'User',
    PermissionSetGroupId: 'PermissionSetGroup',
    PermissionSetId: 'PermissionSet',
  },
  PermissionSetGroup: { DeveloperName: '', MasterLabel: '' },
  Product2: { Family: '', IsActive: '', ProductCode: '' },
  Task: {
    ActivityDate: '',
    Description: '',
    IsClosed: '',
    OwnerId: 'Group or User',
    Status: '',
    Subject: '',
    WhatId: 'Account or Asset or Case',
    WhoId: 'Contact',
  },
  User: { Email: '', IsActive: '', ProfileId: 'Profile', UserRoleId: 'UserRole', Username: '' },
};

/** Fields every stored object has. */
export const SYSTEM_FIELDS: Readonly<Record<string, string>> = {
  Id: '',
  Name: '',
  IsDeleted: '',
  CreatedDate: '',
  CreatedById: 'User',
  LastModifiedDate: '',
  LastModifiedById: 'User',
  OwnerId: 'Group or User',
  SystemModstamp: '',
};

/** Fields every platform event has. */
export const EVENT_FIELDS: Readonly<Record<string, string>> = {
  CreatedDate: '',
  CreatedById: 'User',
  EventUuid: '',
  ReplayId: '',
};

/** Types, as the Metadata API names them, of the standard fields above that are not texts or lookups. */
export const STANDARD_TYPES: Readonly<Record<string, string>> = {
  ClosedDate: 'DateTime',
  CommentBody: 'TextArea',
  CreatedDate: 'DateTime',
  Description: 'LongTextArea',
  Email: 'Email',
  Family: 'Picklist',
  Industry: 'Picklist',
  InstallDate: 'Date',
  IsActive: 'Checkbox',
  IsClosed: 'Checkbox',
  IsDefault: 'Checkbox',
  IsDeleted: 'Checkbox',
  IsPublished: 'Checkbox',
  IsSandbox: 'Checkbox',
  LastModifiedDate: 'DateTime',
  Origin: 'Picklist',
  Phone: 'Phone',
  Priority: 'Picklist',
  Reason: 'Picklist',
  SortOrder: 'Number',
  Status: 'Picklist',
  SuppliedEmail: 'Email',
  SystemModstamp: 'DateTime',
  Type: 'Picklist',
  UsageEndDate: 'Date',
};

/** Child relationships between the standard objects above: object → relationship → the child's object. */
export const STANDARD_CHILDREN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Account: { Assets: 'Asset', Cases: 'Case', Contacts: 'Contact' },
  Asset: { Cases: 'Case', ChildAssets: 'Asset' },
  Case: { CaseComments: 'CaseComment' },
};
