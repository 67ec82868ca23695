import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldValue } from '../../store/records.ts';
import { compileFormula } from './compile.ts';
import { FormulaError } from './lex.ts';
import { FUNCTIONS, SPECIAL_FUNCTIONS } from './functions.ts';
import type { FormulaType } from './types.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 30);

const names: Readonly<Record<string, readonly [FormulaType, FieldValue]>> = {
  text: ['text', 'Hello'],
  empty: ['text', null],
  number: ['number', 7.5],
  none: ['number', null],
  yes: ['boolean', true],
  pick: ['picklist', 'High'],
  day: ['date', '2026-11-20'],
  at: ['datetime', '2026-11-22T18:30:00.000Z'],
  '$Record.Count__c': ['number', 2],
};

function evaluate(source: string): FieldValue {
  return compileFormula<null>(source, {
    reference(path) {
      const found = names[path];
      if (found === undefined) throw new FormulaError(`${path} is unknown`);
      return { type: found[0], evaluate: () => found[1] };
    },
    before: () => ({ type: 'number', evaluate: () => 1 }),
    isNew: () => false,
    allowsPriorValue: true,
    now: () => NOW,
  }).evaluate(null);
}

const CASES: Readonly<Record<string, readonly (readonly [string, FieldValue])[]>> = {
  operators: [
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * -3', -9],
    ['"a" & {!text} & \'b\'', 'aHellob'],
    ['"a" & {!empty}', 'a'],
    ['{!text} + "!"', 'Hello!'],
    ['{!none} + 1', null],
    ['1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 3', false],
    ['1 = 2 || {!yes}', true],
    ['1 <> 2', true],
    ['1 != 1', false],
    ['!{!yes}', false],
    ['{!none} > 1', false],
    ['{!empty} = ""', true],
    ['{!none} = NULL', true],
    ['{!at} + 0.5', '2026-11-23T06:30:00.000Z'],
    ['{!day} - 1', '2026-11-19'],
    ['NOW() - {!at}', 0.5],
    ['TODAY() - {!day}', 3],
    ['/* note */ 1', 1],
    ['"no\\nbreak \\"q\\" \\\\"', 'no\\nbreak "q" \\'],
    ["LEN('a\\'b')", 4],
  ],
  IF: [
    ['IF(1 > 2, "a", "b")', 'b'],
    ['IF({!none} > 1, 1, 2)', 2],
  ],
  AND: [['AND(TRUE, {!yes}, 1 = 1)', true]],
  OR: [['OR(FALSE, 1 = 2)', false]],
  NOT: [['NOT(FALSE)', true]],
  CASE: [
    ['CASE({!number}, 1, "one", 7.5, "x", "none")', 'x'],
    ['CASE({!pick}, "Low", 1, 2)', 2],
    ['CASE({!empty}, "", 1, 2)', 1],
  ],
  ISBLANK: [
    ['ISBLANK({!empty})', true],
    ['ISBLANK("")', true],
    ['ISBLANK({!number})', false],
  ],
  ISNULL: [
    ['ISNULL({!none})', true],
    ['ISNULL("")', false],
  ],
  BLANKVALUE: [
    ['BLANKVALUE({!none}, 0) + 1', 1],
    ['BLANKVALUE({!text}, "x")', 'Hello'],
  ],
  NULLVALUE: [['NULLVALUE({!none}, 3)', 3]],
  ISPICKVAL: [
    ['ISPICKVAL({!pick}, "High")', true],
    ['ISPICKVAL({!pick}, "high")', false],
  ],
  TEXT: [
    ['TEXT(1.50)', '1.5'],
    ['TEXT(0.0000001)', '0.0000001'],
    ['TEXT({!pick})', 'High'],
    ['TEXT({!at})', '2026-11-22 18:30:00Z'],
    ['TEXT({!day})', '2026-11-20'],
    ['TEXT({!none})', ''],
  ],
  VALUE: [
    ['VALUE(" 1.5 ")', 1.5],
    ['VALUE({!empty})', null],
  ],
  LEFT: [
    ['LEFT({!text}, 2)', 'He'],
    ['LEFT({!empty}, 2)', ''],
  ],
  RIGHT: [
    ['RIGHT({!text}, 2)', 'lo'],
    ['RIGHT({!text}, 0)', ''],
  ],
  MID: [['MID({!text}, 2, 3)', 'ell']],
  LEN: [
    ['LEN({!text})', 5],
    ['LEN({!empty})', 0],
  ],
  LOWER: [['LOWER({!text})', 'hello']],
  UPPER: [['UPPER({!text})', 'HELLO']],
  TRIM: [['TRIM("  a ")', 'a']],
  CONTAINS: [
    ['CONTAINS({!text}, "ell")', true],
    ['CONTAINS({!text}, "ELL")', false],
  ],
  BEGINS: [
    ['BEGINS({!text}, "He")', true],
    ['BEGINS({!text}, "he")', false],
  ],
  FIND: [
    ['FIND("l", {!text})', 3],
    ['FIND("l", {!text}, 4)', 4],
    ['FIND("z", {!text})', 0],
  ],
  SUBSTITUTE: [['SUBSTITUTE({!text}, "l", "$&")', 'He$&$&o']],
  BR: [['"a" & BR() & "b"', 'a\nb']],
  ROUND: [
    ['ROUND(1.005, 2)', 1.01],
    ['ROUND(-2.5, 0)', -3],
    ['ROUND(1250, -2)', 1300],
  ],
  MIN: [['MIN(3, 1, 2)', 1]],
  MAX: [['MAX(3, 1, {!none})', null]],
  ABS: [['ABS(-2)', 2]],
  FLOOR: [['FLOOR(-2.5)', -2]],
  CEILING: [
    ['CEILING(-2.5)', -3],
    ['CEILING(2.1)', 3],
  ],
  MOD: [
    ['MOD(7, 3)', 1],
    ['MOD(-1, 3)', 2],
  ],
  REGEX: [
    ['REGEX("A-12", "[A-Z]-\\\\d+")', true],
    ['REGEX("xA-12", "[A-Z]-\\\\d+")', false],
    ['REGEX({!empty}, "a?")', true],
  ],
  CASESAFEID: [
    ['CASESAFEID("001Lo0000000001")', '001Lo0000000001IAA'],
    ['CASESAFEID("no id")', 'no id'],
    ['CASESAFEID({!empty})', ''],
  ],
  TRUNC: [
    ['TRUNC(-2.59)', -2],
    ['TRUNC(2.599, 1)', 2.5],
  ],
  MCEILING: [['MCEILING(-2.5)', -2]],
  MFLOOR: [['MFLOOR(-2.5)', -3]],
  SQRT: [['SQRT(9)', 3]],
  EXP: [['EXP(0)', 1]],
  LN: [['LN(EXP(2))', 2]],
  LOG: [['LOG(1000)', 3]],
  PI: [['PI() > 3.14159 && PI() < 3.1416', true]],
  YEAR: [
    ['YEAR({!day})', 2026],
    ['YEAR(DATEVALUE({!empty}))', null],
  ],
  MONTH: [['MONTH({!day})', 11]],
  DAY: [['DAY({!day})', 20]],
  WEEKDAY: [
    ['WEEKDAY({!day})', 6],
    ['WEEKDAY(DATE(2026, 11, 22))', 1],
  ],
  DATE: [
    ['DATE(2026, 2, 28)', '2026-02-28'],
    ['DATE({!none}, 2, 28)', null],
  ],
  ADDMONTHS: [
    ['ADDMONTHS(DATE(2026, 1, 30), 1)', '2026-02-28'],
    ['ADDMONTHS(DATE(2026, 2, 28), 1)', '2026-03-31'],
    ['ADDMONTHS(DATE(2028, 3, 15), -13)', '2027-02-15'],
    ['ADDMONTHS({!at}, 2)', '2027-01-22T18:30:00.000Z'],
  ],
  UNIXTIMESTAMP: [['UNIXTIMESTAMP({!day})', 1_795_132_800]],
  FROMUNIXTIME: [['FROMUNIXTIME(1795132800)', '2026-11-20T00:00:00.000Z']],
  NOW: [['NOW()', '2026-11-23T06:30:00.000Z']],
  TODAY: [['TODAY()', '2026-11-23']],
  DATETIMEVALUE: [
    ['DATETIMEVALUE("2026-01-02 03:04:05")', '2026-01-02T03:04:05.000Z'],
    ['DATETIMEVALUE({!day})', '2026-11-20T00:00:00.000Z'],
  ],
  DATEVALUE: [['DATEVALUE({!at})', '2026-11-22']],
  ISNEW: [['ISNEW()', false]],
  ISCHANGED: [['ISCHANGED({!$Record.Count__c})', true]],
  PRIORVALUE: [['PRIORVALUE({!$Record.Count__c})', 1]],
};

for (const [group, cases] of Object.entries(CASES)) {
  test(`formula ${group}`, () => {
    for (const [source, expected] of cases) {
      const found = evaluate(source);
      assert.deepEqual(
        typeof found === 'number' ? Number(found.toFixed(9)) : found,
        expected,
        source,
      );
    }
  });
}

test('every function has a case here', () => {
  for (const name of [...Object.keys(FUNCTIONS), ...SPECIAL_FUNCTIONS])
    assert.ok(name in CASES, name);
});

test('mistakes are refused before anything runs', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['HYPERLINK("a", "b")', /function HYPERLINK is not implemented/],
    ['toString("a")', /function TOSTRING is not implemented/],
    ['LEFT({!text})', /LEFT takes 2 arguments, 1 are given/],
    ['LEFT({!number}, 2)', /argument 1 is number, allowed: text/],
    ['{!unknown}', /unknown is unknown/],
    ['{!pick} = "High"', /wrap a picklist field in TEXT\(\)/],
    ['{!text} > "a"', /does not compare text/],
    ['1 + "a"', /number \+ text is not a sum/],
    ['"a" & 1', /& needs text, found number/],
    ['IF(1, 2, 3)', /IF needs boolean, found number/],
    ['IF(TRUE, 1, "a")', /number and text do not go together/],
    ['CASE({!number}, 1, 2)', /CASE takes/],
    ['(1', /ends too early/],
    ['1 2', /unexpected '2'/],
    ['1 # 2', /unexpected '#'/],
    ['', /ends too early/],
  ];
  for (const [source, message] of wrong) assert.throws(() => evaluate(source), message, source);
});

test('what cannot be computed says why', () => {
  assert.throws(() => evaluate('1 / 0'), /division by zero/);
  assert.throws(() => evaluate('VALUE("abc")'), /'abc' is not a number/);
  assert.throws(() => evaluate('DATE(2026, 2, 29)'), /2026, 2, 29 is no day of the calendar/);
  assert.throws(() => evaluate('REGEX("a", "(")'), /is not a regular expression/);
  assert.throws(() => evaluate('SQRT(-1)'), /SQRT: -1 is too small/);
  assert.throws(() => evaluate('LN(0)'), /LN: 0 is too small/);
});
