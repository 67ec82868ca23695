import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { startNode } from '../system/child.ts';
import { ensureTool } from '../tools/ensureTool.ts';
import { findFlows, judgeFlow } from './judgeFlows.ts';
import type { FlowFile } from './judgeFlows.ts';

/* Of all packages looked at, only Salesforce's own templates bring flows; docs/measurements/foreign-flows.md has more. */
async function packagedFlows(): Promise<FlowFile[]> {
  const tool = await ensureTool('sf');
  return findFlows(join(tool, 'node_modules/@salesforce/templates/lib'));
}

test('flows that come with npm packages load or are refused by name', async (t) => {
  const flows = await packagedFlows();
  assert.ok(flows.length > 0);
  const byName = new Map(flows.map((flow) => [flow.name, flow]));
  for (const flow of flows) {
    const verdict = judgeFlow(flow, byName);
    t.diagnostic(`${flow.name}: ${JSON.stringify(verdict)}`);
    assert.notEqual(verdict.kind, 'crash');
  }
});

test('a flow from elsewhere that is cut off at any place is refused, and never half read', async () => {
  for (const flow of await packagedFlows()) {
    const end = flow.xml.lastIndexOf('</Flow>') + '</Flow>'.length;
    for (let length = 0; length < end; length += 7) {
      const verdict = judgeFlow({ ...flow, xml: flow.xml.slice(0, length) }, new Map());
      assert.equal(
        verdict.kind,
        'contradiction',
        `${length} characters: ${JSON.stringify(verdict)}`,
      );
    }
  }
});

test('the script counts what loads and what each other flow is refused for, and passes over what is no flow', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'foreign-flows-test-'));
  const flow = (inside: string): string =>
    `<Flow><label>x</label><processType>AutoLaunchedFlow</processType><status>Active</status>${inside}</Flow>`;
  const lookup = `<recordLookups><name>Get</name><label>Get</label><object>Foreign__c</object>
    <filters><field>F__c</field><operator>EqualTo</operator><value><stringValue>x</stringValue></value></filters>
    <getFirstRecordOnly>true</getFirstRecordOnly><storeOutputAutomatically>true</storeOutputAutomatically>
    </recordLookups><start><connector><targetReference>Get</targetReference></connector></start>`;
  try {
    await writeFile(join(folder, 'Empty.flow-meta.xml'), flow('<start></start>'));
    await writeFile(join(folder, 'Needs.flow-meta.xml'), flow(lookup));
    await writeFile(
      join(folder, 'Wait.flow'),
      flow('<start></start><waits><name>W</name></waits>'),
    );
    await writeFile(join(folder, 'Broken.flow'), '<Flow>');
    await writeFile(join(folder, 'types.js.flow'), 'declare var x: number;');
    await using script = startNode([join(import.meta.dirname, 'foreignFlows.ts'), folder]);
    assert.equal(await script.ended, 0, script.output());
    assert.deepEqual(
      script
        .output()
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
      [
        '1 load',
        '1 load once their objects and fields exist',
        '1 refused: <waits>',
        '1 refused: contradicts itself or its objects',
        '0 crashed',
        '',
      ],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
