import { createHash } from 'node:crypto';

import { findObject } from '../../metadata/find.ts';
import type { FieldDef, FieldType, ObjectDef, OrgMetadata } from '../../metadata/schema.ts';
import type { ApiRequest, RestParts } from '../rest/context.ts';
import type { Handler, Route } from '../rest/router.ts';
import { readable } from '../rest/sobjects.ts';
import { MASTER_RECORD_TYPE, nameFieldOf, nameFieldsOf } from './display.ts';
import { noAccess, notSupported } from './errors.ts';
import { pageObject } from './support.ts';

/** Source: User Interface API Developer Guide, "Field": `dataType`. */
const dataTypes: Readonly<Record<FieldType, string>> = {
  Id: 'String',
  Text: 'String',
  TextArea: 'TextArea',
  LongTextArea: 'TextArea',
  Picklist: 'Picklist',
  Number: 'Double',
  Checkbox: 'Boolean',
  DateTime: 'DateTime',
  Date: 'Date',
  Lookup: 'Reference',
  Email: 'Email',
  Phone: 'Phone',
  Url: 'Url',
  AutoNumber: 'String',
  Location: 'Location',
};

const getObjectInfo: Handler = (parts, request, parameters) => {
  const name = parameters['object'] ?? '';
  const object = pageObject(parts.metadata, name);
  if (object === undefined) throw notSupported(name);
  if (!parts.access.may(request.session.userId, object.name, 'read')) throw noAccess();
  const info = infoOf(parts, request, object);
  const eTag = createHash('md5').update(JSON.stringify(info)).digest('hex');
  return { status: 200, body: { ...info, eTag } };
};

/** Source: User Interface API Developer Guide, "Object Info". Children and icons are not shown. */
function infoOf(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
): Readonly<Record<string, unknown>> {
  const may = (right: 'create' | 'edit' | 'delete'): boolean =>
    parts.access.may(request.session.userId, object.name, right);
  return {
    apiName: object.name,
    associateEntityType: null,
    associateParentEntity: null,
    childRelationships: [],
    createable: may('create'),
    custom: object.kind === 'custom',
    defaultRecordTypeId: MASTER_RECORD_TYPE,
    deletable: may('delete'),
    dependentFields: {},
    feedEnabled: false,
    fields: Object.fromEntries(
      readable(parts, request, object, undefined).map((field) => [
        field.name,
        fieldInfo(parts, request, object, field),
      ]),
    ),
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.pluralLabel,
    layoutable: true,
    mruEnabled: false,
    nameFields: nameFieldsOf(object),
    queryable: true,
    recordTypeInfos: {
      [MASTER_RECORD_TYPE]: {
        available: true,
        defaultRecordTypeMapping: true,
        master: true,
        name: 'Master',
        recordTypeId: MASTER_RECORD_TYPE,
      },
    },
    searchable: false,
    themeInfo: null,
    updateable: may('edit'),
  };
}

function fieldInfo(
  parts: RestParts,
  request: ApiRequest,
  object: ObjectDef,
  field: FieldDef,
): Readonly<Record<string, unknown>> {
  const editable =
    !field.system && parts.access.mayField(request.session.userId, object.name, field.name, 'edit');
  const isNumber = field.type === 'Number';
  const isId = field.type === 'Id' || field.type === 'Lookup';
  const isFormula = field.formula !== undefined;
  const isCompound = field.type === 'Location';
  const isSearchable = field.type !== 'LongTextArea' && !isFormula && !isCompound;
  return {
    apiName: field.name,
    calculated: isFormula,
    compound: isCompound,
    compoundComponentName: field.compound === undefined ? null : componentName(field),
    compoundFieldName: field.compound ?? null,
    controllerName: null,
    controllingFields: [],
    createable: editable,
    custom: field.name.endsWith('__c'),
    dataType: dataTypes[field.type],
    extraTypeInfo:
      field.type === 'TextArea' || field.type === 'LongTextArea' ? 'PlainTextArea' : null,
    filterable: isSearchable,
    filteredLookupInfo: null,
    highScaleNumber: false,
    htmlFormatted: false,
    inlineHelpText: null,
    label: field.label,
    length: isId ? 18 : (field.length ?? 0),
    nameField: field.name === nameFieldOf(object),
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
    precision: isNumber ? (field.precision ?? 18) : 0,
    reference: field.type === 'Lookup',
    referenceTargetField: null,
    referenceToInfos: (field.referenceTo ?? []).map((name) => targetOf(parts.metadata, name)),
    relationshipName: field.relationshipName ?? null,
    required:
      field.required || (field.system && !isFormula && !isCompound) || field.type === 'Checkbox',
    scale: isNumber ? (field.scale ?? 0) : 0,
    searchPrefilterable: false,
    sortable: isSearchable,
    unique: field.unique,
    updateable: editable,
  };
}

function componentName({ name }: FieldDef): string {
  return name.endsWith('__Latitude__s') ? 'Latitude' : 'Longitude';
}

function targetOf(metadata: OrgMetadata, apiName: string): Readonly<Record<string, unknown>> {
  const object = findObject(metadata, apiName);
  return { apiName, nameFields: object === undefined ? [] : nameFieldsOf(object) };
}

export const objectInfoRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/ui-api/object-info/:object', handler: getObjectInfo },
];
