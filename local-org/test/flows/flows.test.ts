import assert from 'node:assert/strict';
import { after, afterEach } from 'node:test';

import './acknowledge.cases.ts';
import './commandSteps.cases.ts';
import './commands.cases.ts';
import './corners.cases.ts';
import './customerRules.cases.ts';
import './ended.cases.ts';
import './engage.cases.ts';
import './engageBulk.cases.ts';
import './escalate.cases.ts';
import './faults.cases.ts';
import './giveTask.cases.ts';
import './heartbeat.cases.ts';
import './identityNotices.cases.ts';
import './ingest.cases.ts';
import './keepDevice.cases.ts';
import './mapDevice.cases.ts';
import './mixedRoutes.cases.ts';
import './neighbours.cases.ts';
import './notify.cases.ts';
import './notifyBulk.cases.ts';
import './notifyWhom.cases.ts';
import './openCase.cases.ts';
import './outcome.cases.ts';
import './policies.cases.ts';
import './policyRules.cases.ts';
import './proposals.cases.ts';
import './purge.cases.ts';
import './reattribute.cases.ts';
import './reopen.cases.ts';
import './resolve.cases.ts';
import './resolveModel.cases.ts';
import './review.cases.ts';
import './reviewScreen.cases.ts';
import './route.cases.ts';
import './rules.cases.ts';
import './setup.cases.ts';
import './staleReviews.cases.ts';
import './starters.cases.ts';
import './telemetry.cases.ts';
import './tellCustomer.cases.ts';
import './timelineNights.cases.ts';
import './timelines.cases.ts';
import './turns.cases.ts';
import './uncertain.cases.ts';
import { coverageTable, shortcomings } from './coverage.ts';
import { coverage, flows } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { setStage } from './stage.ts';

// Hundreds of orgs at a time would take more memory than some machines have.
const made: PackageOrg[] = [];
setStage({ onMade: (org) => void made.push(org) });
afterEach(() => made.splice(0).forEach((org) => org.close()));

// The package's flows path by path, in one process, so that what no test has executed shows.
after(() => {
  const covered = [...flows].map(([name, { source }]) => coverage.of(name, source));
  console.log(coverageTable(covered));
  assert.deepEqual(shortcomings(covered), [], 'what no test of the flows reaches');
});
