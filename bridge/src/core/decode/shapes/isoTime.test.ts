import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../../fixtures/random.ts';
import { timeText } from '../fixtures/fuzzScalars.ts';
import { parseTime } from '../time.ts';
import { scanIsoTime } from './isoTime.ts';

const DAY_MS = 86_400_000;
const LAST_DAY = Date.UTC(4000, 0, 1) / DAY_MS;

/** The milliseconds, or undefined where the text is not from end to end a time. */
function scanned(text: string): number | undefined {
  const into = new Float64Array(2);
  const bytes = Buffer.from(`xx${text}"Z99`);
  const end = scanIsoTime(bytes, 2, bytes.length, into, 1);
  return end === 2 + text.length ? into[1] : undefined;
}

function parsed(text: string): number | undefined {
  const result = parseTime(text, 'iso');
  return result.ok ? result.value : undefined;
}

test('days from 1970 to 3999 are where the calendar has them', () => {
  const into = new Float64Array(1);
  // Every one of the next hundred years, then one in 37, which meets all days of all months.
  for (let day = 0; day < LAST_DAY; day += day < 50_000 ? 1 : 37) {
    const bytes = Buffer.from(`${new Date(day * DAY_MS).toISOString().slice(0, 16)}Z`);
    const end = scanIsoTime(bytes, 0, bytes.length, into, 0);
    if (end !== bytes.length || into[0] !== day * DAY_MS)
      assert.fail(`${bytes.toString()} is ${into[0]}`);
  }
});

test('days that no calendar has are no times', () => {
  for (let year = 1970; year < 2410; year += 1) {
    for (const day of ['02-29', '02-30', '04-31', '12-32', '00-10', '13-01', '01-00']) {
      const text = `${year}-${day}T00:00:00Z`;
      assert.equal(scanned(text), parsed(text), text);
    }
  }
});

test('random texts of times give what parseTime gives, but for years before 1970', () => {
  const random = makeRandom(7);
  let times = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const text = timeText(random, 'iso').slice(1, -1);
    const changed = [...text];
    if (random.below(2) === 0) {
      changed[random.below(text.length + 1)] = '0123456789:-+.,TZ tz'[random.below(20)] ?? '';
    }
    const one = changed.join('');
    const [found, wanted] = [scanned(one), parsed(one)];
    if (wanted !== undefined && one >= '1970') assert.equal(found, wanted, one);
    // What is a time, but none that we can keep, is for the caller.
    else assert.ok(found === undefined || !(found >= 0 && found < Date.UTC(4000, 0, 1)), one);
    if (found !== undefined) times += 1;
  }
  assert.ok(times > 10_000, `${times}`);
});

test('a time that is cut by the end of the bytes is none', () => {
  const whole = Buffer.from('2026-11-23T06:00:00.123+01:00"');
  for (let end = 0; end < whole.length - 1; end += 1) {
    const at = scanIsoTime(whole, 0, end, new Float64Array(1), 0);
    assert.ok(at === -1 || at <= end);
  }
});
