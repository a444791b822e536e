// No text makes analysis or lowering throw, and every program that comes out is well formed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Access, Expr, Instr, Program } from '../../../simulator/src/program.ts';
import { lowerScenario, lowerThread, lowerWorkload } from './lower.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { ROOT, read } from './testing.ts';

const FOLDERS = ['examples', 'tests/semantics', 'server/src/syntax/testing'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mmlock')).sort().map((name) => join(ROOT, folder, name)));

for (const file of FILES) {
  test(`whole, cut off and damaged: ${file.slice(ROOT.length + 1)}`, async () => {
    const text = readFileSync(file, 'utf8');
    await checkText(text);
    const random = randomNumbers(text.length);
    const step = Math.max(7, Math.floor(text.length / 20));
    for (let end = 0; end < text.length; end += step) await checkText(text.slice(0, end));
    for (let i = 0; i < 20; i++) await checkText(damage(text, random));
  });
}

/** A word taken out, doubled, or put in the place of another. */
function damage(text: string, random: (below: number) => number): string {
  const words = [...text.matchAll(/\w+|[^\s\w]/g)];
  const pick = (): RegExpMatchArray => words[random(words.length)] ?? assert.fail();
  const [a, b] = [pick(), pick()];
  const at = a.index ?? 0;
  const rest = text.slice(at + a[0].length);
  const put = ['', `${a[0]} ${a[0]}`, b[0], '4G', 'null', 'new', '('][random(7)] ?? '';
  return text.slice(0, at) + put + rest;
}

function randomNumbers(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function checkText(text: string): Promise<void> {
  try {
    const model = await read(text);
    checkModel(model, text);
    for (const scenario of model.scenarios) checkLowered(lowerScenario(model, scenario));
    for (const thread of model.threads) checkLowered(lowerThread(model, thread));
    for (const { decl } of model.decls) {
      if (decl.kind === 'workload') checkLowered(lowerWorkload(model, decl));
    }
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error);
    throw new Error(`${why}\nat this text:\n${text}`);
  }
}

function checkModel(model: Model, text: string): void {
  let last = 0;
  for (const { range, sym } of model.occurrences) {
    assert.ok(range.start >= last, 'occurrences are in order');
    last = range.start;
    assert.equal(text.slice(range.start, range.end), sym.name);
  }
  for (const { range, message } of model.problems) {
    assert.ok(range.start >= 0 && range.end <= text.length, message);
  }
}

function checkLowered(found: Lowered | null): void {
  if (found === null) return;
  const { program, sites } = found;
  assert.equal(found.cells.length, program.cells.length);
  for (const [i, cell] of program.cells.entries()) {
    const name = found.cells[i]?.name ?? '';
    assert.ok(cell.lo <= cell.init && cell.init <= cell.hi, `${name} is ${JSON.stringify(cell)}`);
  }
  for (const place of program.places) {
    assert.ok(place.base + place.count <= program.cells.length);
  }
  for (const thread of program.threads) {
    thread.code.forEach((instr) => checkInstr(program, instr, thread.code.length));
    for (const instr of thread.code) assert.ok(instr.site < sites.length);
  }
  for (const property of program.properties) checkExprs(program, property.expr);
}

function checkInstr(program: Program, instr: Instr, length: number): void {
  const pcs = [instr.next];
  if (instr.op === 'branch') pcs.push(instr.otherwise);
  if (instr.op === 'choose') pcs.push(...instr.targets);
  for (const pc of pcs) assert.ok(pc >= 0 && pc < length, `${instr.op} goes to ${pc}`);
  checkExprs(program, instr);
}

/** Looks into anything that an instruction or property is made of. */
function checkExprs(program: Program, node: Instr | Expr | Access): void {
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'cell') assert.ok(Number(value) < program.cells.length);
    if (key === 'place') assert.ok(Number(value) < program.places.length);
    if (key === 'pool' && value !== null) assert.ok(Number(value) < program.pools.length);
    if (key === 'base') assert.ok(Number(value) < program.locks.length);
    if (key === 'reg' || key === 'result') assert.ok(Number(value) < program.nRegs);
    if (key === 'value' && typeof value === 'number') assert.ok(Number.isSafeInteger(value));
    return value;
  });
}
