import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

import { loadMetadata } from './load.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { OrgMetadata } from './schema.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const xmlns = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

function objectXml(inside = '', name = '<type>Text</type>'): string {
  return `${head}<CustomObject ${xmlns}><deploymentStatus>Deployed</deploymentStatus><label>Thing</label><nameField><label>Name</label>${name}</nameField><pluralLabel>Things</pluralLabel><sharingModel>Private</sharingModel>${inside}</CustomObject>`;
}

function fieldXml(name: string, inside: string): string {
  return `${head}<CustomField ${xmlns}><fullName>${name}</fullName><label>${name}</label>${inside}</CustomField>`;
}

const thing = 'core/objects/Thing__c/Thing__c.object-meta.xml';
const field = (name: string): string => `core/objects/Thing__c/fields/${name}.field-meta.xml`;

/** Loads source given as path → content. */
function load(files: Readonly<Record<string, string>>): OrgMetadata {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-metadata-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return loadMetadata([folder]);
}

function withField(name: string, inside: string): OrgMetadata {
  return load({ [thing]: objectXml(), [field(name)]: fieldXml(name, inside) });
}

test('objects and fields are found at any depth and joined with the standard ones', () => {
  const metadata = load({
    'core/deep/er/objects/Thing__c/Thing__c.object-meta.xml': objectXml(),
    'other/objects/Thing__c/fields/Key__c.field-meta.xml': fieldXml(
      'Key__c',
      '<type>Text</type><length>64</length><unique>true</unique><caseSensitive>true</caseSensitive><externalId>true</externalId><required>true</required><description>d</description>',
    ),
    'other/objects/Case/fields/Key__c.field-meta.xml': fieldXml(
      'Key__c',
      '<type>Text</type><length>10</length>',
    ),
  });
  const object = metadata.objects.get('Thing__c');
  assert.equal(object?.sharing, 'Private');
  assert.match(object?.keyPrefix ?? '', /^a..$/);
  const key = object?.fields.get('Key__c');
  assert.deepEqual(
    [key?.type, key?.length, key?.unique, key?.caseSensitive, key?.externalId, key?.required],
    ['Text', 64, true, true, true, true],
  );
  assert.ok(object?.fields.has('OwnerId') && object.fields.has('SystemModstamp'));
  assert.equal(metadata.objects.get('Case')?.fields.get('Key__c')?.length, 10);
  assert.ok(metadata.objects.get('Case')?.fields.has('Status'));
});

test('every field type is read with what belongs to it', () => {
  const number = withField(
    'N__c',
    '<type>Number</type><precision>18</precision><scale>6</scale><defaultValue>1.5</defaultValue>',
  );
  const amount = number.objects.get('Thing__c')?.fields.get('N__c');
  assert.deepEqual([amount?.precision, amount?.scale, amount?.defaultValue], [18, 6, 1.5]);
  const picklist = withField(
    'P__c',
    '<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>A</fullName><default>true</default><label>Aa</label></value><value><fullName>Old</fullName><default>false</default><label>Old</label><isActive>false</isActive></value></valueSetDefinition></valueSet>',
  );
  assert.deepEqual(picklist.objects.get('Thing__c')?.fields.get('P__c')?.picklist, {
    restricted: true,
    values: [{ name: 'A', label: 'Aa', isDefault: true }],
  });
  const lookup = withField(
    'L__c',
    '<type>Lookup</type><referenceTo>Case</referenceTo><relationshipName>Things</relationshipName><deleteConstraint>Restrict</deleteConstraint>',
  );
  const parent = lookup.objects.get('Thing__c')?.fields.get('L__c');
  assert.deepEqual(
    [parent?.relationshipName, parent?.referenceTo, parent?.deleteConstraint],
    ['L__r', ['Case'], 'Restrict'],
  );
  const text = withField(
    'T__c',
    '<type>Text</type><length>5</length><defaultValue>"a&amp;b"</defaultValue>',
  );
  assert.equal(text.objects.get('Thing__c')?.fields.get('T__c')?.defaultValue, 'a&b');
});

test('a checkbox without a default is false', () => {
  const flag = withField('F__c', '<type>Checkbox</type>');
  assert.equal(flag.objects.get('Thing__c')?.fields.get('F__c')?.defaultValue, false);
});

test('what the org would have to ignore is refused with file, element and feature', () => {
  const refused = (files: Readonly<Record<string, string>>, feature: RegExp): void => {
    assert.throws(
      () => load(files),
      (error) => {
        assert.ok(error instanceof Unsupported, String(error));
        assert.match(error.message, feature);
        return true;
      },
    );
  };
  const unsaid = fieldXml('F__c', '<type>Text</type><formula>Name</formula>');
  refused(
    { [thing]: objectXml(), [field('F__c')]: unsaid },
    /F__c\.field-meta\.xml: formula: a formula without <formulaTreatBlanksAs>/,
  );
  refused(
    { [thing]: objectXml(), [field('M__c')]: fieldXml('M__c', '<type>MasterDetail</type>') },
    /MasterDetail/,
  );
  refused({ [thing]: objectXml('<recordTypes/>') }, /<recordTypes>/);
  refused({ [thing]: objectXml().replace('Private', 'ControlledByParent') }, /ControlledByParent/);
  refused({ [thing]: objectXml().replace('Deployed', 'InDevelopment') }, /InDevelopment/);
  refused({ 'objects/Thing__c/webLinks/R.webLink-meta.xml': head }, /the metadata kind webLink/);
  refused({ 'classes/A.cls': 'class A {}' }, /not NAME\.KIND-meta\.xml/);
  refused(
    {
      [thing]: objectXml(),
      [field('D__c')]: fieldXml(
        'D__c',
        '<type>Text</type><length>5</length><defaultValue>NOW()</defaultValue>',
      ),
    },
    /NOW\(\)/,
  );
  refused(
    { [thing]: objectXml('', '<type>AutoNumber</type><displayFormat>{YYYY}-{0}</displayFormat>') },
    /displayFormat/,
  );
});

test('pages and reports are left alone', () => {
  const metadata = load({
    [thing]: objectXml(),
    'objects/Thing__c/listViews/All.listView-meta.xml': head,
    'lwc/panel/panel.js': 'export default 1;',
    'lwc/panel/panel.js-meta.xml': head,
  });
  assert.ok(metadata.objects.has('Thing__c'));
});

test('source that contradicts itself is refused like a deployment would', () => {
  const invalid = (files: Readonly<Record<string, string>>, problem: RegExp): void => {
    assert.throws(
      () => load(files),
      (error) => {
        assert.ok(error instanceof InvalidSource, String(error));
        assert.match(error.message, problem);
        return true;
      },
    );
  };
  invalid({ [thing]: objectXml().replace('</label>', '') }, /line \d/);
  invalid({ [thing]: objectXml('<label>twice</label>') }, /<label> is given 2 times/);
  invalid({ [thing]: `${head}<CustomThing/>` }, /expected one <CustomObject>/);
  invalid({ [thing]: objectXml(), [`x/${thing}`]: objectXml() }, /also defined in/);
  invalid({ [field('A__c')]: fieldXml('A__c', '<type>Checkbox</type>') }, /no object Thing__c/);
  invalid(
    { [thing]: objectXml(), [field('A__c')]: fieldXml('B__c', '<type>Checkbox</type>') },
    /differs from the file's name/,
  );
  invalid(
    { [thing]: objectXml(), [field('A__c')]: fieldXml('A__c', '<type>Text</type>') },
    /needs a <length>/,
  );
  invalid(
    { [thing]: objectXml(), [field('A__c')]: fieldXml('A__c', '<type>Number</type>') },
    /<precision> and <scale>/,
  );
  invalid(
    {
      [thing]: objectXml(),
      [field('A__c')]: fieldXml('A__c', '<type>Lookup</type><referenceTo>Nope__c</referenceTo>'),
    },
    /points to Nope__c/,
  );
  invalid(
    {
      [thing]: objectXml(),
      [field('A__c')]: fieldXml('A__c', '<type>Checkbox</type><required>yes</required>'),
    },
    /allowed are true and false/,
  );
});

const rights = (object: string, granted: readonly string[]): string =>
  `<objectPermissions><object>${object}</object>${granted.map((name) => `<${name}>true</${name}>`).join('')}</objectPermissions>`;
const setXml = (inside: string): string =>
  `${head}<PermissionSet ${xmlns}><label>Set</label>${inside}</PermissionSet>`;
const setPath = 'permissionsets/My_Set.permissionset-meta.xml';

test('an object that keeps history has an object of its changes', () => {
  const name = '<type>Text</type><trackHistory>true</trackHistory>';
  const kept = load({
    [thing]: objectXml('<enableHistory>true</enableHistory>', name),
    [field('A__c')]: fieldXml('A__c', '<type>Checkbox</type><trackHistory>true</trackHistory>'),
    [field('B__c')]: fieldXml('B__c', '<type>Checkbox</type><trackHistory>false</trackHistory>'),
  });
  const object = kept.objects.get('Thing__c');
  assert.deepEqual(
    ['Name', 'A__c', 'B__c'].map((one) => object?.fields.get(one)?.tracked),
    [true, true, undefined],
  );
  assert.equal(kept.objects.get('Thing__History')?.historyOf, 'Thing__c');
  assert.equal(load({ [thing]: objectXml() }).objects.has('Thing__History'), false);
});

test('permission sets are read, and judged against the objects', () => {
  const base = {
    [thing]: objectXml(),
    [field('Key__c')]: fieldXml('Key__c', '<type>Checkbox</type>'),
    [field('Must__c')]: fieldXml(
      'Must__c',
      '<type>Text</type><length>5</length><required>true</required>',
    ),
  };
  const fieldRight = (name: string): string =>
    `<fieldPermissions><field>${name}</field><readable>true</readable><editable>true</editable></fieldPermissions>`;
  const metadata = load({
    ...base,
    [setPath]: setXml(
      rights('Thing__c', ['allowRead', 'allowEdit']) +
        fieldRight('Thing__c.Key__c') +
        '<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>',
    ),
  });
  const set = metadata.permissionSets.get('My_Set');
  assert.equal(set?.objects.get('Thing__c')?.edit, true);
  assert.equal(set?.objects.get('Thing__c')?.delete, false);
  assert.deepEqual(set?.fields.get('Thing__c.Key__c'), { read: true, edit: true });
  assert.ok(set?.userPermissions.has('ApiEnabled'));

  const wrong = (inside: string, problem: RegExp): void => {
    assert.throws(() => load({ ...base, [setPath]: setXml(inside) }), problem);
  };
  wrong(rights('Nope__c', ['allowRead']), /no object Nope__c/);
  wrong(rights('Thing__c', ['allowEdit']), /allowEdit depends on allowRead/);
  wrong(fieldRight('Thing__c.Nope__c'), /no field Thing__c\.Nope__c/);
  wrong(fieldRight('Thing__c.Must__c'), /required fields have no permissions/);
  wrong('<classAccesses/>', /<classAccesses>/);
});

test('events take no keys and no lookups, and keep their publish behaviour', () => {
  const event = `${head}<CustomObject ${xmlns}><deploymentStatus>Deployed</deploymentStatus><eventType>HighVolume</eventType><label>E</label><pluralLabel>Es</pluralLabel><publishBehavior>PublishAfterCommit</publishBehavior></CustomObject>`;
  const path = 'objects/E__e/E__e.object-meta.xml';
  const metadata = load({ [path]: event });
  assert.equal(metadata.objects.get('E__e')?.publishBehavior, 'PublishAfterCommit');
  assert.equal(metadata.objects.get('E__e')?.kind, 'event');
  const withEventField = (inside: string) => () =>
    load({ [path]: event, 'objects/E__e/fields/F__c.field-meta.xml': fieldXml('F__c', inside) });
  assert.throws(
    withEventField('<type>Lookup</type><referenceTo>Case</referenceTo>'),
    InvalidSource,
  );
  assert.throws(
    withEventField('<type>Text</type><length>5</length><unique>true</unique>'),
    InvalidSource,
  );
});

test('the same source gives the same key prefixes, whatever the order of its files', () => {
  const files = {
    'a/objects/A__c/A__c.object-meta.xml': objectXml(),
    'b/objects/B__c/B__c.object-meta.xml': objectXml(),
  };
  const prefixes = (metadata: OrgMetadata) =>
    ['A__c', 'B__c'].map((name) => metadata.objects.get(name)?.keyPrefix);
  const first = prefixes(load(files));
  assert.deepEqual(
    prefixes(
      load({
        'z/objects/A__c/A__c.object-meta.xml': objectXml(),
        'b/objects/B__c/B__c.object-meta.xml': objectXml(),
      }),
    ),
    first,
  );
  assert.notEqual(first[0], first[1]);
});
