/**
 * `node local-org/test/mutations/all.ts [FLOW …]`: every slip in every flow, or in those named, not only the sample
 * that the tests try. Prints what no case notices and no reason explains, and fails if there is any; takes long.
 */
import { EQUIVALENT } from './equivalent.ts';
import { judgeAll } from './judgeAll.ts';

const told = await judgeAll({ everything: true, flows: process.argv.slice(2) });
const survivors = told.filter(({ fate }) => fate.kind === 'survived').map(({ name }) => name);
const unexplained = survivors.filter((name) => !Object.hasOwn(EQUIVALENT, name));
for (const name of unexplained) console.log(name);
console.log(
  `${told.length} slips, ${survivors.length} unnoticed, ${unexplained.length} of them without a reason`,
);
process.exitCode = unexplained.length === 0 && told.length > 0 ? 0 : 1;
