import type {
  CreateElement,
  DeleteElement,
  LookupElement,
  RecordInput,
  Selection,
  UpdateElement,
} from '../model.ts';
import { readConnector, readFieldAssignments, readFilters } from './values.ts';
import type { XmlReader } from './xmlReader.ts';

type Named<T> = Omit<T, 'name'>;

export function readLookup(xml: XmlReader): Named<LookupElement> {
  const { filters, logic } = readFilters(xml);
  const selection = { object: xml.text('object'), filters, logic };
  const sortField = xml.optionalText('sortField')?.trim();
  const order = xml.oneOf('sortOrder', ['Asc', 'Desc'] as const, 'Asc');
  const limit = xml.optionalNumber('limit');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 2 || limit > 20_000)) {
    xml.invalid(`<limit> is ${limit}; a whole number from 2 to 20000 is allowed`);
  }
  const firstOnly = xml.boolean('getFirstRecordOnly');
  const automatic = xml.boolean('storeOutputAutomatically');
  const to = xml.optionalText('outputReference')?.trim();
  const fields = xml.children('outputAssignments').map((item) => {
    const pair = { field: item.text('field'), to: item.text('assignToReference') };
    item.done();
    return pair;
  });
  const ways = [automatic, to !== undefined, fields.length > 0].filter(Boolean).length;
  if (ways !== 1) {
    xml.invalid('give one of storeOutputAutomatically, outputReference, outputAssignments');
  }
  const output: LookupElement['output'] = automatic
    ? { kind: 'automatic' }
    : to === undefined
      ? { kind: 'fields', fields }
      : { kind: 'record', to };
  return {
    kind: 'recordLookups',
    selection,
    sort: sortField === undefined ? undefined : { field: sortField, descending: order === 'Desc' },
    limit,
    // Field by field output has always meant the first record (Metadata API, FlowRecordLookup).
    firstOnly: firstOnly || fields.length > 0,
    queriedFields: xml.texts('queriedFields').map((field) => field.trim()),
    output,
    nullIfNone: xml.boolean('assignNullValuesIfNoRecordsFound'),
    next: readConnector(xml, 'connector'),
    fault: readConnector(xml, 'faultConnector'),
  };
}

export function readCreate(xml: XmlReader): Named<CreateElement> {
  const input = readRecordInput(xml);
  return {
    kind: 'recordCreates',
    input,
    upsert: readUpsert(xml, input),
    automatic: xml.boolean('storeOutputAutomatically'),
    idTo: xml.optionalText('assignRecordIdToReference')?.trim(),
    next: readConnector(xml, 'connector'),
    fault: readConnector(xml, 'faultConnector'),
  };
}

/** Source: Metadata API Developer Guide, "FlowRecordCreate" (API version 62.0 and later). */
function readUpsert(xml: XmlReader, input: RecordInput): CreateElement['upsert'] {
  const wanted = xml.boolean('doesUpsert');
  const allOrNone = xml.boolean('doesUpsertAllOrNone');
  const keys = ['upsertExternalIdField', 'upsertStandardIdField'].flatMap(
    (tag) => xml.optionalText(tag)?.trim() ?? [],
  );
  const [key] = keys;
  if (!wanted) {
    if (key !== undefined || allOrNone) xml.invalid('an upsert needs doesUpsert');
    return undefined;
  }
  if (key === undefined || keys.length > 1)
    return xml.invalid('doesUpsert needs one of upsertExternalIdField and upsertStandardIdField');
  if (input.kind !== 'reference') xml.unsupported('an upsert without an inputReference');
  return { key, allOrNone };
}

function readRecordInput(xml: XmlReader): RecordInput {
  const path = xml.optionalText('inputReference')?.trim();
  const object = xml.optionalText('object')?.trim();
  const fields = readFieldAssignments(xml, 'inputAssignments');
  if (path !== undefined) {
    if (object !== undefined || fields.length > 0) {
      xml.invalid('inputReference excludes object and inputAssignments');
    }
    return { kind: 'reference', path };
  }
  if (object === undefined) return xml.invalid('<object> or <inputReference> is missing');
  return { kind: 'fields', object, fields };
}

export function readUpdate(xml: XmlReader): Named<UpdateElement> {
  const target = readTarget(xml);
  const fields = readFieldAssignments(xml, 'inputAssignments');
  if (target.kind === 'selection' && fields.length === 0) {
    xml.invalid('an update by conditions needs inputAssignments');
  }
  return {
    kind: 'recordUpdates',
    target,
    fields,
    next: readConnector(xml, 'connector'),
    fault: readConnector(xml, 'faultConnector'),
  };
}

export function readDelete(xml: XmlReader): Named<DeleteElement> {
  return {
    kind: 'recordDeletes',
    target: readTarget(xml),
    next: readConnector(xml, 'connector'),
    fault: readConnector(xml, 'faultConnector'),
  };
}

function readTarget(
  xml: XmlReader,
): { kind: 'selection'; selection: Selection } | { kind: 'reference'; path: string } {
  const path = xml.optionalText('inputReference')?.trim();
  const object = xml.optionalText('object')?.trim();
  const { filters, logic } = readFilters(xml);
  if (path !== undefined) {
    if (object !== undefined) xml.invalid('inputReference excludes object');
    if (filters.length > 0) xml.unsupported('filters together with inputReference');
    return { kind: 'reference', path };
  }
  if (object === undefined) return xml.invalid('<object> or <inputReference> is missing');
  if (filters.length === 0) xml.unsupported('no conditions, which would touch every record');
  return { kind: 'selection', selection: { object, filters, logic } };
}
