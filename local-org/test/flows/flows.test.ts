import assert from 'node:assert/strict';
import { after } from 'node:test';

import './corners.cases.ts';
import './faults.cases.ts';
import './ingest.cases.ts';
import './neighbours.cases.ts';
import './route.cases.ts';
import './telemetry.cases.ts';
import { elements, executed } from './packageOrg.ts';

// The package's flows path by path, in one process, so that what no test has executed shows.
after(() => {
  const missed = [...elements].filter((element) => !executed.has(element));
  console.log(`flow elements executed: ${elements.size - missed.length} of ${elements.size}`);
  assert.deepEqual(missed, [], 'elements of the package that no test executes');
});
