import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { seedOrg } from '../store/seed.ts';
import { openStore } from '../store/sqliteStore.ts';
import { loadMetadata } from './load.ts';
import type { OrgMetadata } from './schema.ts';

// Source: Metadata API Developer Guide, "CustomNotificationType".

function load(context: TestContext, inside: string, file = 'Case_Opened'): OrgMetadata {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-notiftype-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'notificationtypes'));
  writeFileSync(
    join(folder, 'notificationtypes', `${file}.notiftype-meta.xml`),
    `<?xml version="1.0" encoding="UTF-8"?>\n<CustomNotificationType xmlns="http://soap.sforce.com/2006/04/metadata"><customNotifTypeName>Case_Opened</customNotifTypeName>${inside}</CustomNotificationType>`,
  );
  return loadMetadata([folder]);
}

const label = (text: string): string =>
  `<desktop>true</desktop><masterLabel>${text}</masterLabel><mobile>false</mobile>`;

test('a notification type becomes a row that a flow can find, and follows its file', (context) => {
  const clock = { now: () => 0 };
  const metadata = load(context, label('Case opened'));
  const store = openStore(':memory:', metadata, clock);
  seedOrg(store, metadata);
  const [first] = store.select({ object: 'CustomNotificationType' });
  assert.match(String(first?.['Id']), /^0ML/);
  seedOrg(store, load(context, label('Case was opened')));
  const rows = store.select({ object: 'CustomNotificationType' });
  assert.deepEqual(
    rows.map((row) => [row['DeveloperName'], row['MasterLabel'], row['Desktop'], row['Mobile']]),
    [['Case_Opened', 'Case was opened', true, false]],
  );
  assert.equal(rows[0]?.['Id'], first?.['Id']);
});

test('what a notification type could do besides is refused by name', (context) => {
  for (const [inside, problem, file] of [
    [`${label('x')}<slack>true</slack>`, /<slack>true<\/slack> is not implemented/, undefined],
    [`${label('x')}<actionGroups/>`, /actionGroups/, undefined],
    ['<desktop>true</desktop>', /masterLabel/, undefined],
    [label('x'), /<customNotifTypeName> Case_Opened differs from the file's name/, 'Other'],
  ] as const)
    assert.throws(() => load(context, inside, file), problem);
});
