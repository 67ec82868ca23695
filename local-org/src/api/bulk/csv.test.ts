import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CsvError, readCsv, writeCsv } from './csv.ts';

const cases: readonly (readonly [string, string, string[][]])[] = [
  [
    'lines of either ending',
    'a,b\r\n1,2\n3,4',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['quotes around delimiters, quotes and line breaks', '"a,""b""\nc",d\n', [['a,"b"\nc', 'd']]],
  [
    'empty cells, also the last',
    'a,,\n,\n',
    [
      ['a', '', ''],
      ['', ''],
    ],
  ],
  ['an empty line as one empty cell', 'a\n\nb\n', [['a'], [''], ['b']]],
  ['a byte order mark as nothing', '\uFEFFa\n', [['a']]],
  ['a carriage return alone as text', 'a\rb\n', [['a\rb']]],
  ['nothing as no rows', '', []],
];
for (const [what, text, rows] of cases) {
  test(`CSV: ${what}`, () => {
    assert.deepEqual(readCsv(text, ','), rows);
  });
}

test('a quote out of place is an error that names the line', () => {
  assert.throws(
    () => readCsv('a,b\n"x"y,z\n', ','),
    new CsvError('line 2: a delimiter or the end of the line must follow a quoted value'),
  );
  assert.throws(() => readCsv('a\n"x', ','), /line 2: a quoted value has no end/);
});

test('what is written is read back', () => {
  const rows = [
    ['a;b', 'c"d'],
    ['', 'e\nf'],
  ];
  assert.deepEqual(readCsv(writeCsv(rows, ';', '\r\n'), ';'), rows);
});
