import { permissionObjects } from './permissionObjects.ts';
import type { ObjectDef } from './schema.ts';
import { define, flag, picklist, text } from './standardObject.ts';
import { makeField, makeLookup, ownerField } from './systemFields.ts';
import { taskObject } from './taskObject.ts';

/**
 * The standard objects of this org, with the fields the package and its users need; a field of
 * the real object that is missing here is an unknown field, never a silent null.
 *
 * Standard picklists are not restricted: through the API any value is stored, as on the platform.
 * Source: Object Reference for the Salesforce Platform, API version 66.0.
 */
export const standardObjects: readonly ObjectDef[] = [
  define('Organization', 'Organization', '00D', [
    text('Name', 'Name', 80, { required: true }),
    text('OrganizationType', 'Edition', 40),
    text('InstanceName', 'Instance Name', 5),
    text('NamespacePrefix', 'Namespace Prefix', 15),
    flag('IsSandbox', 'Is Sandbox', false),
    makeField('TrialExpirationDate', 'Trial Expiration Date', 'DateTime'),
  ]),
  define('Profile', 'Profile', '00e', [text('Name', 'Name', 255, { required: true })]),
  define('User', 'User', '005', [
    text('Username', 'Username', 80, { required: true, unique: true }),
    text('LastName', 'Last Name', 80, { required: true }),
    text('FirstName', 'First Name', 40),
    text('Name', 'Full Name', 121, { system: true }),
    text('Alias', 'Alias', 8),
    makeField('Email', 'Email', 'Email', { length: 128 }),
    makeLookup('ProfileId', 'Profile ID', ['Profile'], {
      required: true,
      deleteConstraint: 'Restrict',
    }),
    flag('IsActive', 'Active', true),
    text('UserType', 'User Type', 40),
  ]),
  define('Group', 'Group', '00G', [
    text('Name', 'Name', 40, { required: true }),
    text('DeveloperName', 'Developer Name', 80),
    text('Type', 'Type', 40, { required: true }),
    makeField('Email', 'Email', 'Email', { length: 128 }),
    flag('DoesSendEmailToMembers', 'Send Email to Members', false),
  ]),
  define('GroupMember', 'Group Member', '011', [
    makeLookup('GroupId', 'Group ID', ['Group'], {
      required: true,
      deleteConstraint: 'Cascade',
      childRelationshipName: 'GroupMembers',
    }),
    makeLookup('UserOrGroupId', 'User/Group ID', ['User', 'Group'], {
      required: true,
      deleteConstraint: 'Cascade',
    }),
  ]),
  define('QueueSobject', 'Queue Sobject', '03g', [
    makeLookup('QueueId', 'Group ID', ['Group'], {
      required: true,
      relationshipName: 'Queue',
      deleteConstraint: 'Cascade',
    }),
    text('SobjectType', 'Sobject Type', 40, { required: true }),
  ]),
  define('CustomNotificationType', 'Custom Notification Type', '0ML', [
    text('CustomNotifTypeName', 'Custom Notification Name', 80, { required: true }),
    text('DeveloperName', 'Custom Notification Type Name', 80, { required: true }),
    text('MasterLabel', 'Label', 80, { required: true }),
    text('Description', 'Description', 255),
    text('Language', 'Master Language', 40),
    flag('Desktop', 'Desktop', false),
    flag('Mobile', 'Mobile', false),
    text('NamespacePrefix', 'Namespace Prefix', 15),
  ]),
  define('Account', 'Account', '001', [
    text('Name', 'Account Name', 255, { required: true }),
    { ...ownerField, referenceTo: ['User'] },
    makeLookup('ParentId', 'Parent Account ID', ['Account'], {
      childRelationshipName: 'ChildAccounts',
    }),
    picklist('Type', 'Account Type', [
      'Prospect',
      'Customer - Direct',
      'Customer - Channel',
      'Other',
    ]),
    text('AccountNumber', 'Account Number', 40),
    makeField('Description', 'Account Description', 'LongTextArea', { length: 32000 }),
    makeField('Phone', 'Account Phone', 'Phone', { length: 40 }),
    makeField('Website', 'Website', 'Url', { length: 255 }),
    makeField('BillingStreet', 'Billing Street', 'TextArea', { length: 255 }),
    text('BillingCity', 'Billing City', 40),
    text('BillingPostalCode', 'Billing Zip/Postal Code', 20),
    text('BillingCountry', 'Billing Country', 80),
  ]),
  define('Contact', 'Contact', '003', [
    text('LastName', 'Last Name', 80, { required: true }),
    text('FirstName', 'First Name', 40),
    text('Name', 'Full Name', 121, { system: true }),
    { ...ownerField, referenceTo: ['User'] },
    makeLookup('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Contacts' }),
    makeField('Email', 'Email', 'Email', { length: 80 }),
    makeField('Phone', 'Business Phone', 'Phone', { length: 40 }),
    text('Title', 'Title', 128),
    flag('HasOptedOutOfEmail', 'Email Opt Out', false),
  ]),
  define('Asset', 'Asset', '02i', [
    text('Name', 'Asset Name', 255, { required: true }),
    { ...ownerField, referenceTo: ['User'] },
    makeLookup('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Assets' }),
    makeLookup('ContactId', 'Contact ID', ['Contact'], { childRelationshipName: 'Assets' }),
    makeLookup('ParentId', 'Parent Asset ID', ['Asset'], { childRelationshipName: 'ChildAssets' }),
    text('SerialNumber', 'Serial Number', 80),
    picklist('Status', 'Status', ['Shipped', 'Installed', 'Registered', 'Obsolete', 'Purchased']),
    makeField('Quantity', 'Quantity', 'Number', { precision: 12, scale: 2 }),
    makeField('InstallDate', 'Install Date', 'Date'),
    makeField('PurchaseDate', 'Purchase Date', 'Date'),
    makeField('UsageEndDate', 'Usage End Date', 'Date'),
    makeField('Description', 'Description', 'LongTextArea', { length: 32000 }),
    flag('IsCompetitorProduct', 'Competitor Asset', false),
  ]),
  define('CaseStatus', 'Case Status Value', '01J', [
    text('MasterLabel', 'Master Label', 255, { required: true }),
    text('ApiName', 'API Name', 255, { required: true }),
    flag('IsClosed', 'Is Closed', false),
    flag('IsDefault', 'Is Default', false),
    makeField('SortOrder', 'Sort Order', 'Number', { precision: 9, scale: 0 }),
  ]),
  define('Case', 'Case', '500', [
    makeField('CaseNumber', 'Case Number', 'AutoNumber', {
      system: true,
      displayFormat: '{00000000}',
    }),
    text('Subject', 'Subject', 255),
    makeField('Description', 'Description', 'LongTextArea', { length: 32000 }),
    picklist('Status', 'Status', ['New', 'Working', 'Escalated', 'Closed'], 'New'),
    picklist('Priority', 'Priority', ['High', 'Medium', 'Low'], 'Medium'),
    picklist('Origin', 'Case Origin', ['Phone', 'Email', 'Web']),
    picklist('Type', 'Case Type', [
      'Mechanical',
      'Electrical',
      'Electronic',
      'Structural',
      'Other',
    ]),
    picklist('Reason', 'Case Reason', [
      'Installation',
      'Equipment Complexity',
      'Performance',
      'Breakdown',
      'Other',
    ]),
    ownerField,
    makeLookup('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Cases' }),
    makeLookup('ContactId', 'Contact ID', ['Contact'], { childRelationshipName: 'Cases' }),
    makeLookup('AssetId', 'Asset ID', ['Asset'], { childRelationshipName: 'Cases' }),
    makeLookup('ParentId', 'Parent Case ID', ['Case'], { childRelationshipName: 'Cases' }),
    flag('IsEscalated', 'Escalated', false),
    makeField('IsClosed', 'Closed', 'Checkbox', { system: true, defaultValue: false }),
    makeField('ClosedDate', 'Closed Date', 'DateTime', { system: true }),
  ]),
  define('CaseComment', 'Case Comment', '00a', [
    makeLookup('ParentId', 'Parent ID', ['Case'], {
      required: true,
      deleteConstraint: 'Cascade',
      childRelationshipName: 'CaseComments',
    }),
    makeField('CommentBody', 'Body', 'TextArea', { length: 4000 }),
    flag('IsPublished', 'Published', false),
  ]),
  taskObject([]),
  ...permissionObjects,
];

/** The Case statuses of a new org; which of them count as closed is the customer's to say. */
export const caseStatuses = [
  { name: 'New', closed: false, isDefault: true },
  { name: 'Working', closed: false, isDefault: false },
  { name: 'Escalated', closed: false, isDefault: false },
  { name: 'Closed', closed: true, isDefault: false },
] as const;
