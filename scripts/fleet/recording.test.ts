import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseRecording, parseTime } from './recording.ts';

describe('times of a recording', () => {
  it('without a zone are UTC, with a zone are converted', () => {
    assert.equal(parseTime('2013-07-04 00:00:00'), Date.UTC(2013, 6, 4));
    assert.equal(parseTime('2013-07-04T01:02:03.250Z'), Date.UTC(2013, 6, 4, 1, 2, 3, 250));
    assert.equal(parseTime('2013-07-04 02:00:00+02:00'), Date.UTC(2013, 6, 4));
    assert.equal(parseTime('2013-07-04 02:00:00+0200'), Date.UTC(2013, 6, 4));
    assert.equal(parseTime('2013-07-04 05:30'), Date.UTC(2013, 6, 4, 5, 30));
    assert.equal(parseTime('2013-07-04'), Date.UTC(2013, 6, 4));
  });

  it('that do not exist are refused', () => {
    for (const text of ['', 'yesterday', '2013-13-01 00:00:00', '2013-02-30 00:00:00', '17']) {
      assert.equal(parseTime(text), undefined, text);
    }
    assert.equal(parseTime('2013-07-04 25:00:00'), undefined);
  });
});

describe('a recording', () => {
  it('gives its rows in order, whatever the line ends, quotes and further columns', () => {
    const text =
      '\uFEFFtimestamp,value,label\r\n2013-07-04 00:00:00,"69.5",a\r\n2013-07-04 01:00:00,-1e2,b\r\n\r\n';
    assert.deepEqual(parseRecording(text, 'f.csv'), [
      { at: Date.UTC(2013, 6, 4), value: 69.5 },
      { at: Date.UTC(2013, 6, 4, 1), value: -100 },
    ]);
  });

  it('with a bad line is refused with file and line', () => {
    const parse = (body: string) => () => parseRecording(`timestamp,value\n${body}`, 'f.csv');
    assert.throws(parse('2013-07-04 00:00:00,1\nnever,2\n'), /^Error: f\.csv line 3: "never"/);
    assert.throws(parse('2013-07-04 00:00:00,abc\n'), /f\.csv line 2: "abc" is not a finite/);
    assert.throws(parse('2013-07-04 00:00:00,\n'), /line 2: "" is not a finite/);
    assert.throws(parse('2013-07-04 00:00:00,1,2\n'), /line 2: 3 columns where the header has 2/);
    assert.throws(parse(''), /no row/);
    assert.throws(() => parseRecording('time;value\n', 'f.csv'), /line 1: the header must name/);
  });
});
