import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTopicTemplate } from './topic.ts';
import type { TopicTemplate } from './topic.ts';

function template(text: string): TopicTemplate {
  const parsed = parseTopicTemplate(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

test('device and type come from their levels', () => {
  const plant = template('plant/{deviceType}/{device}/telemetry');
  assert.equal(plant.filter, 'plant/+/+/telemetry');
  assert.deepEqual(plant.match('plant/pump/pump-001/telemetry'), {
    device: 'pump-001',
    deviceType: 'pump',
  });
});

const cases: readonly (readonly [template: string, topic: string, matches: boolean])[] = [
  ['a/{device}', 'a/b', true],
  ['a/{device}', 'a/b/c', false],
  ['a/{device}', 'a', false],
  ['a/{device}', 'A/b', false],
  ['a/+/{device}', 'a/x/b', true],
  ['a/+/{device}', 'a//b', true],
  ['a/{device}/#', 'a/b', true],
  ['a/{device}/#', 'a/b/c/d', true],
  ['a/{device}/#', 'a', false],
  ['#', 'a/b/c', true],
  ['#', '$SYS/broker/uptime', false],
  ['+/x', '$SYS/x', false],
  ['{device}/x', '$SYS/x', false],
  ['$SYS/{device}', '$SYS/x', true],
  ['/{device}', '/x', true],
  ['a.b/{device}', 'aXb/x', false],
];
for (const [text, topic, matches] of cases) {
  test(`${text} ${matches ? 'matches' : 'does not match'} ${topic}`, () => {
    assert.equal(template(text).match(topic) !== undefined, matches);
  });
}

const wrong: readonly (readonly [template: string, words: RegExp])[] = [
  ['', /empty/],
  ['a/#/b', /only be the last level/],
  ['a/b+', /stand alone/],
  ['a/{divice}', /not known/],
  ['a/x{device}', /not known/],
  ['{device}/{device}', /twice/],
  ['a/\u0000', /null character/],
  [`a/${'ä'.repeat(40_000)}`, /65535 bytes/],
];
for (const [text, words] of wrong) {
  test(`the template ${JSON.stringify(text.slice(0, 20))} is refused with words`, () => {
    const parsed = parseTopicTemplate(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.error, words);
  });
}
