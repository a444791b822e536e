// A disagreement made small: `node --import tsx tests/differential/shrink.ts SEED|FILE [--spin]`
// prints the smallest text it finds on which the same engine still differs in the same way.
import { existsSync, readFileSync } from 'node:fs';
import { findTools } from '../spin/spin.ts';
import { theParser } from '../support/checking.ts';
import { ORACLE, spinJudge, type Judge } from './engines.ts';
import { examine } from './examine.ts';
import { shrink } from './shrinking.ts';
import { randomSpec } from './spec.ts';

const SPIN_MAX_STATES = 5000;

const [what = '1', ...options] = process.argv.slice(2);
const text = existsSync(what) ? readFileSync(what, 'utf8') : randomSpec(Number(what));
const tools = options.includes('--spin') ? await findTools() : null;
const judges: readonly Judge[] = tools === null ? [ORACLE]
  : [ORACLE, spinJudge(tools, SPIN_MAX_STATES)];
const parser = await theParser();

/** What is said without names and numbers, which change while the text shrinks. */
const shapeOf = (difference: string): string =>
  difference.replace(/^[^:]*: /, '').replace(/[0-9]+/g, '#').replace(/\(.*/, '');

const shapes = async (of: string): Promise<readonly string[]> => {
  const { refused, differences } = await examine(parser, of, { judges, turn: 0 });
  return refused.length > 0 ? refused.map(shapeOf) : differences.map(shapeOf);
};

const [first] = await shapes(text);
if (first === undefined) {
  console.error('nothing differs');
} else {
  const small = await shrink(parser, text, async (it) => (await shapes(it)).includes(first));
  console.log(small);
  const { refused, differences } = await examine(parser, small, { judges, turn: 0 });
  for (const line of [...refused, ...differences]) console.log(`// ${line}`);
}
