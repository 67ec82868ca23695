import type { FieldDef, FieldType, ObjectDef } from '../../metadata/schema.ts';
import { hasOwnPermission } from '../accessControl.ts';
import { baseOf } from './context.ts';
import type { ApiRequest, RestParts } from './context.ts';
import type { Handler, Route } from './router.ts';
import { objectFor } from './saves.ts';
import { readable } from './sobjects.ts';
import { nameFieldOf } from '../ui/display.ts';

/** The type names of describe. Source: SOAP API Developer Guide, "DescribeSObjectResult". */
const describeTypes: Readonly<Record<FieldType, string>> = {
  Id: 'id',
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Picklist: 'picklist',
  Number: 'double',
  Checkbox: 'boolean',
  DateTime: 'datetime',
  Date: 'date',
  Lookup: 'reference',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  AutoNumber: 'string',
  Location: 'location',
};

const describeGlobal: Handler = (parts, request) => {
  const objects = [...parts.metadata.objects.values()]
    .filter((object) => parts.access.may(request.session.userId, object.name, 'read'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    status: 200,
    body: {
      encoding: 'UTF-8',
      maxBatchSize: 200,
      sobjects: objects.map((object) => describeHead(parts, request, object)),
    },
  };
};

const describeObject: Handler = (parts, request, parameters) => {
  const object = objectFor(parts, request, parameters['object'] ?? '');
  const fields = readable(parts, request, object, undefined);
  return {
    status: 200,
    body: {
      ...describeHead(parts, request, object),
      fields: fields.map((field) => describeField(parts, request, object, field)),
      childRelationships: [],
      recordTypeInfos: [],
    },
  };
};

const basicInformation: Handler = (parts, request, parameters) => {
  const object = objectFor(parts, request, parameters['object'] ?? '');
  return {
    status: 200,
    body: { objectDescribe: describeHead(parts, request, object), recentItems: [] },
  };
};

function describeHead(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
): Record<string, unknown> {
  const may = (right: 'create' | 'read' | 'edit' | 'delete'): boolean =>
    parts.access.may(request.session.userId, object.name, right);
  const isStored = object.kind !== 'event';
  const url = `${baseOf(request)}/sobjects/${object.name}`;
  const urls = { sobject: url, describe: `${url}/describe` };
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.pluralLabel,
    keyPrefix: object.keyPrefix,
    custom: object.kind !== 'standard',
    customSetting: false,
    createable: may('create'),
    retrieveable: isStored,
    queryable: isStored && may('read'),
    updateable: isStored && may('edit'),
    deletable: isStored && may('delete'),
    undeletable: false,
    searchable: false,
    triggerable: true,
    urls: isStored ? { ...urls, rowTemplate: `${url}/{ID}` } : urls,
  };
}

function describeField(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  field: FieldDef,
): Record<string, unknown> {
  const editable =
    !field.system && parts.access.mayField(request.session.userId, object.name, field.name, 'edit');
  const isNumber = field.type === 'Number';
  const isFormula = field.formula !== undefined;
  const isCompound = field.type === 'Location';
  const isQueried = field.type !== 'LongTextArea' && !isFormula && !isCompound;
  return {
    name: field.name,
    label: field.label,
    type: describeTypes[field.type],
    custom: field.name.endsWith('__c'),
    length: field.type === 'Id' || field.type === 'Lookup' ? 18 : (field.length ?? 0),
    precision: isNumber ? (field.precision ?? 18) : 0,
    scale: isNumber ? (field.scale ?? 0) : 0,
    nillable: !(
      field.required ||
      (field.system && !isFormula && !isCompound) ||
      field.type === 'Checkbox'
    ),
    unique: field.unique,
    caseSensitive: field.caseSensitive,
    externalId: field.externalId,
    idLookup: field.externalId || field.type === 'Id',
    autoNumber: field.type === 'AutoNumber',
    calculated: isFormula,
    calculatedFormula: field.formula?.source ?? null,
    formulaTreatNullNumberAsZero: field.formula?.blanksAsZero ?? false,
    nameField: field.name === nameFieldOf(object),
    createable: editable,
    updateable: editable,
    filterable: isQueried,
    sortable: isQueried,
    groupable: isQueried && field.type !== 'DateTime',
    permissionable: hasOwnPermission(object, field),
    defaultedOnCreate:
      field.defaultValue !== undefined || (field.system && !isFormula && !isCompound),
    compoundFieldName: field.compound ?? null,
    defaultValue: field.defaultValue ?? null,
    restrictedPicklist: field.picklist?.restricted ?? false,
    picklistValues: (field.picklist?.values ?? []).map(({ name, label, isDefault }) => ({
      active: true,
      defaultValue: isDefault,
      label,
      validFor: null,
      value: name,
    })),
    referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationshipName ?? null,
    cascadeDelete: field.deleteConstraint === 'Cascade',
    restrictedDelete: field.deleteConstraint === 'Restrict',
  };
}

export const describeRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/sobjects', handler: describeGlobal },
  { method: 'GET', pattern: '/sobjects/:object', handler: basicInformation },
  { method: 'GET', pattern: '/sobjects/:object/describe', handler: describeObject },
];
