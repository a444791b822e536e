// Candidates, one line each: what a title makes of a text.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Code } from '../../text/problem.ts';
import { read, ROOT } from '../testing.ts';
import { candidates } from './candidates.ts';
import { applied, offsetBefore, ordered } from './change.ts';
import { pageOf } from './page.ts';
import { ownersIn, sourceOf } from './source.ts';

const DECLS = `lock sem: rwsem
lock m: mutex
lock n: mutex
lock l[2]: mutex
struct obj[2] { v: 0..3 = 0 }
shared ptr: ref obj = new obj {}
shared kept: ref obj = null guarded by sem
shared grows: bool = true
shared x: 0..9 = 0
proc whole() { acquire read sem  release sem }
proc half() -> 0..1 { release sem  return 1 }
`;

interface Asked {
  readonly code?: Code;
  readonly subject?: string;
  /** What the fault is at; the whole body where not said. */
  readonly at?: string;
}

/** The change so titled turns the first body into the second; `null`: there is none. */
function makes(title: string, before: string, after: string | null, asked: Asked = {}): void {
  test(`${title}: ${before.replace(/\s+/g, ' ')}`, async () => {
    const text = `${DECLS}thread t {${before}}\nthread u { acquire sem  release sem }\n`
      .replace('acquire sem', 'acquire read sem') + 'scenario s { t }\n';
    const source = sourceOf(await read(text));
    const scenario = source.model.scenarios[0];
    assert.ok(scenario !== undefined);
    const at = text.indexOf(asked.at ?? before.trim(), DECLS.length);
    const found = candidates(source, {
      code: asked.code ?? 'invariant', subject: asked.subject ?? null,
      owners: ownersIn(source, scenario), at: [at],
    });
    const made = found.filter((change) => change.title === title)
      .map(({ splices }) => applied(text, splices));
    const start = DECLS.length + 'thread t {'.length;
    const bodies = made.map((it) => it.slice(start, it.indexOf('}\nthread u', start)));
    if (after === null) assert.deepEqual(bodies, []);
    else assert.ok(bodies.includes(after), JSON.stringify([bodies, found.map((it) => it.title)]));
  });
}

makes('Take sem for writing in t', ' acquire read sem  x = 1  release read sem ',
  ' acquire write sem  x = 1  release write sem ');
makes('Take sem for reading in t', ' acquire write sem  downgrade sem  x = 1  release sem ',
  ' acquire read sem  x = 1  release sem ');
makes('Take m for writing in t', ' acquire m  x = 1  release m ', null);
makes('Keep sem for writing in t: no downgrade',
  '\n  acquire write sem\n  downgrade sem  // now\n  x = 1\n  release read sem\n',
  '\n  acquire write sem\n  x = 1\n  release sem\n');
makes('Keep sem for writing in t: no downgrade',
  '\n  acquire write sem\n  now: downgrade sem\n  release sem\n',
  '\n  acquire write sem\n  now: step "nothing"\n  release sem\n');
makes('Downgrade sem in t only if `!grows`',
  '\n  acquire write sem\n  if grows { x = 1 }\n  downgrade sem\n  release sem\n',
  '\n  acquire write sem\n  if grows { x = 1 }\n  if !grows {\n    downgrade sem\n  }\n'
    + '  release sem\n');
makes('Move `downgrade sem` below `x = 1` in t',
  '\n  acquire write sem\n  downgrade sem\n  x = 1  // counted\n  release sem\n',
  '\n  acquire write sem\n  x = 1  // counted\n  downgrade sem\n  release sem\n');
makes('Move `x = 1` above `acquire m` in t', ' acquire m  x = 1  release m ',
  ' x = 1  acquire m  release m ');
makes('Move `acquire n` above `acquire m` in t', ' acquire m  acquire n  release n  release m ',
  ' acquire n  acquire m  release n  release m ');
makes('Move `x = 1` below `return` in t', ' x = 1  return ', null);
makes('Take m around `x = 1` in t', '\n  x = 1\n', '\n  acquire m\n  x = 1\n  release m\n',
  { code: 'data_race', subject: 'x' });
makes('Take m around `let y = x` … `x = y` in t', '\n  let y = x\n  step "between"\n  x = y\n',
  '\n  acquire m\n  let y = x\n  step "between"\n  x = y\n  release m\n', { subject: 'x' });
makes('Take sem for reading around `x = 1` in t', ' x = 1 ',
  ' acquire read sem  x = 1  release sem ', { subject: 'x' });
makes('Hold sem over the gap in t: one section, not two',
  '\n  acquire write sem\n  downgrade sem\n  x = 1\n  release sem\n  acquire write sem\n'
    + '  x = 2\n  release sem\n',
  '\n  acquire write sem\n  x = 1\n  x = 2\n  release sem\n');
makes('Hold sem over the gap in t: one section, not two',
  ' acquire read sem  x = 1  release sem  acquire write sem  x = 2  release sem ',
  ' acquire write sem  x = 1  x = 2  release sem ');
makes('Hold m over the whole loop in t',
  '\n  for i in 0..1 {\n    acquire m\n    x = i\n    release m\n  }\n',
  '\n  acquire m\n  for i in 0..1 {\n    x = i\n  }\n  release m\n');
makes('Look v up again (`v = ptr`) after `acquire write sem` in t',
  '\n  let v = ptr\n  acquire write sem\n  v.v = 1\n  release sem\n',
  '\n  let v = ptr\n  acquire write sem\n  v = ptr\n  v.v = 1\n  release sem\n');
makes('Look v up in kept, use it only if it is ptr, in t',
  ' let v = ptr  if v != null { v.v = 1 } ',
  ' let v = kept  if v != null && v == ptr { v.v = 1 } ');
makes('Ask `x == 0` again under m in t', ' if x == 0 { acquire m  x = 1  release m } ',
  ' if x == 0 { acquire m  if x == 0 { x = 1 }  release m } ');
makes('Test `kept != null` before `x = 1` in t', '\n  x = 1\n  kept = null\n',
  '\n  if kept != null {\n    x = 1\n  }\n  kept = null\n', { at: 'x = 1' });
makes('Write x before `let r = half()`, take it back if that fails, in t',
  '\n  let r = half()\n  if r >= 1 { x = 1 }\n',
  '\n  let old_x = x\n  x = 1\n  let r = half()\n  if r < 1 { x = old_x }\n');
makes('`free_rcu` in the place of `free` in t',
  ' let v = ptr  free v ', ' let v = ptr  free_rcu v ');
makes('Enter an RCU section around `let v = ptr` … `v.v = 1` in t',
  '\n  let v = ptr\n  v.v = 1\n  x = 1\n',
  '\n  rcu_read_lock\n  let v = ptr\n  v.v = 1\n  rcu_read_unlock\n  x = 1\n');
makes('Wait for readers (`synchronize_rcu`) before `free ptr` in t', ' free ptr ',
  ' synchronize_rcu  free ptr ');
makes('Mark the accesses to x (READ_ONCE, WRITE_ONCE)', ' let y = x + 1  x = y  x += 2 ',
  ' let y = READ_ONCE(x) + 1  WRITE_ONCE(x, y)  WRITE_ONCE(x, READ_ONCE(x) + 2) ',
  { code: 'data_race', subject: 'x' });
makes('Release sem in the mode it is held in in t', ' acquire read sem  release write sem ',
  ' acquire read sem  release sem ', { code: 'lock_not_held', at: 'release write' });
makes('Do not `release m` in t', ' release m  x = 1 ', ' x = 1 ',
  { code: 'lock_not_held', at: 'release m' });
makes('`release m` before this return in t', ' acquire m  if x == 1 { return }  release m ',
  ' acquire m  if x == 1 { release m  return }  release m ',
  { code: 'lock_held_at_exit', subject: 'm' });
makes('`release m` before `goto out` in t',
  ' acquire m  if x == 1 { goto out }  release m  out: x = 2 ',
  ' acquire m  if x == 1 { release m  goto out }  release m  out: x = 2 ',
  { code: 'lock_held_at_exit', subject: 'm' });
makes('Only `release sem` if `r != 1` in t',
  '\n  acquire read sem\n  let r = half()\n  if r == 1 { x = 1 }\n  release sem\n',
  '\n  acquire read sem\n  let r = half()\n  if r == 1 { x = 1 }\n  if r != 1 {\n'
    + '    release sem\n  }\n', { code: 'lock_not_held', at: 'release sem' });
makes('Move `release m` below `x = 1` in t, and make it before each return between',
  '\n  acquire m\n  release m\n  if x == 0 { return }\n  x = 1\n',
  '\n  acquire m\n  if x == 0 { release m  return }\n  x = 1\n  release m\n');
makes('Do not take m again in t', ' acquire m  acquire m  x = 1  release m  release m ',
  ' acquire m  x = 1  release m ', { code: 'deadlock', subject: 'm' });
makes('Do not take sem in t: it is taken again inside',
  ' acquire read sem  whole()  release sem ', ' whole() ',
  { code: 'deadlock', subject: 'sem' });
makes('Do not take l[0] again in t', ' acquire l[1]  acquire l[0]  release l[0]  release l[1] ',
  null, { code: 'deadlock', subject: 'l' });
makes('Only try n under m in t, and begin again where it is taken',
  ' acquire m  acquire n  release n  release m ',
  ' retry: acquire m  if try acquire n { } else { release m  goto retry }  release n  release m ',
  { code: 'deadlock' });

test('places go back through a change', () => {
  const splices = ordered([
    { start: 4, end: 6, text: '' }, { start: 1, end: 1, text: 'xyz' },
  ]) ?? [];
  assert.equal(applied('abcdefgh', splices), 'axyzbcdgh');
  const before = [0, 1, 1, 1, 1, 2, 3, 6, 7, 8];
  assert.deepEqual(before.map((_, i) => offsetBefore(splices, i)), before);
  assert.equal(ordered([{ start: 0, end: 3, text: '' }, { start: 2, end: 4, text: '' }]), null);
});

test('lines end as the text has them', () => {
  const page = pageOf('a {\r\n\tone\r\n\ttwo\r\n}\r\n');
  const [one, two] = [{ start: 6, end: 9 }, { start: 12, end: 15 }];
  const text = (splices: Parameters<typeof applied>[1]): string => applied(page.text, splices);
  assert.equal(text([page.remove(one)]), 'a {\r\n\ttwo\r\n}\r\n');
  assert.equal(text([page.before(two, ['x'])]), 'a {\r\n\tone\r\n\tx\r\n\ttwo\r\n}\r\n');
  assert.equal(text([page.after(one, ['x'])]), 'a {\r\n\tone\r\n\tx\r\n\ttwo\r\n}\r\n');
});

/** A prime, so that prefixes end everywhere. */
const STRIDE = 499;

test('no beginning of any example makes candidates throw', async () => {
  const folder = join(ROOT, 'examples');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.mmlock')) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    for (let end = 0; end < text.length; end += STRIDE) {
      const source = sourceOf(await read(text.slice(0, end)));
      const owners = new Set(source.model.threads);
      const found = candidates(source, {
        code: 'data_race', subject: 'pte', owners, at: [end - 1],
      });
      for (const { splices } of found) applied(source.page.text, splices);
    }
  }
});
