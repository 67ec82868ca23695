import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { parse, validate } from 'graphql';

import { makeAccess } from '../../src/api/accessControl.ts';
import { RULES } from '../../src/api/graphql/rules.ts';
import { makeSchema } from '../../src/api/graphql/schema.ts';
import { viewerOf } from '../../src/api/graphql/viewer.ts';
import { loadMetadata } from '../../src/metadata/load.ts';

// The package's web components ask with the rights of who looks at them: each query must stand
// against the schema of a technician, field by field.

const source = join(import.meta.dirname, '../../../force-app');
const metadata = loadMetadata([source]);

function schemaOf(permissionSet: string) {
  const set = metadata.permissionSets.get(permissionSet);
  assert.ok(set !== undefined, permissionSet);
  const grants = new Map([['u', { isAdministrator: false, permissionSets: [set] }]]);
  const access = makeAccess(metadata, grants, () => undefined);
  return makeSchema(metadata, viewerOf({ metadata, access }, 'u'));
}

const queries = globSync('**/lwc/*/*.js', { cwd: source })
  .filter((file) => !file.includes('__tests__'))
  .flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/gql`([^`]*)`/g)].map((match) => ({
      file: basename(file),
      query: match[1] ?? '',
    })),
  );

test('the components have queries, all of them static', () => {
  assert.ok(queries.length > 0);
  for (const { file, query } of queries) assert.doesNotMatch(query, /\$\{/, file);
});

for (const permissionSet of ['Signal_Technician', 'Signal_Administrator']) {
  test(`what the components ask for is there for a user with ${permissionSet}`, () => {
    const schema = schemaOf(permissionSet);
    for (const { file, query } of queries) {
      const problems = validate(schema, parse(query), RULES).map(({ message }) => message);
      assert.deepEqual(problems, [], file);
    }
  });
}

test('a misspelt field is found', () => {
  const query =
    '{ uiapi { query { Asset_Signal__c { edges { node { Severty__c { value } } } } } } }';
  const [problem] = validate(schemaOf('Signal_Technician'), parse(query), RULES);
  assert.match(problem?.message ?? '', /Field 'Severty__c' in type 'Asset_Signal__c' is undefined/);
});
