// Random statements as text: every form of the language's table, in blocks that mostly make sense.
import { braced, deeper, fresh, isCareless, leave, randomOf, say, sayStep, withLocal,
  type Body, type Proc } from './body.ts';
import { conditionText, domainOf, heldFor, places, sameSort, someNumber, value,
  type Local, type Place, type Scope } from './expressions.ts';
import { blunder, locked, reading, spinning, tried, waiting } from './locking.ts';
import { borrowed, publishing, retiring, visiting } from './objects.ts';
import { sortText, type Sort } from './world.ts';

type Writing = 'plain' | 'marked' | null;

/** How a place may be written here. */
function writing(body: Body, place: Place): Writing {
  const { it: { care, guarded } } = place;
  const random = randomOf(body);
  if (care.kind === 'free') return random.chance(20) ? 'marked' : 'plain';
  if (care.kind !== 'lock') return isCareless(body) ? 'plain' : 'marked';
  const { lock } = care;
  const held = body.scope.held.some((it) => it.lock === lock && it.mode === 'write');
  const fits = held && heldFor(body.scope, care, place);
  if (fits) return random.chance(10) ? 'marked' : 'plain';
  return isCareless(body) ? (guarded ? 'plain' : 'marked') : null;
}

function writable(body: Body): readonly (Place & { readonly how: 'plain' | 'marked' })[] {
  return places(body.scope).flatMap((place) => {
    const how = place.it.sort.kind === 'ref' && !randomOf(body).chance(10) ? null
      : writing(body, place);
    return how === null ? [] : [{ ...place, how }];
  });
}

function storeText(body: Body, place: Place & { readonly how: 'plain' | 'marked' }): string {
  const random = randomOf(body);
  const { scope } = body;
  const { text, how, it: { sort } } = place;
  if (how === 'marked') return `WRITE_ONCE(${text}, ${value(scope, sort, 1)})`;
  if (sort.kind === 'flags' && random.chance(60)) {
    return `${text} ${random.pick(['+=', '-='])} ${random.pick(['DIRTY', 'YOUNG', '{DIRTY}'])}`;
  }
  if (sort.kind === 'int' && random.chance(20)) {
    return `${text} ${random.pick(['+=', '-='])} ${isCareless(body) ? '1' : '0'}`;
  }
  const dice = random.below(10);
  if (dice === 0 && sort.kind === 'int') return `${text} = any ${sort.lo}..${sort.hi}`;
  if (dice === 0 && sort.kind === 'enum') return `${text} = any ${sort.name}`;
  const proc = dice === 1 ? procFor(body, sort) : null;
  if (proc !== null) return `${text} = ${callText(body, proc)}`;
  return `${text} = ${value(scope, sort, 1)}`;
}

/** `if x < 2 { x += 1 }`: a count that stays in its range. */
function counting(body: Body, place: Place, sort: Extract<Sort, { kind: 'int' }>): void {
  const random = randomOf(body);
  const up = random.chance(50);
  const [op, sign, end] = up ? ['<', '+', sort.hi] : ['>', '-', sort.lo];
  braced(body, `if ${place.text} ${op} ${end}`, (inner) => {
    sayStep(inner, random.chance(50) ? `${place.text} ${sign}= 1`
      : `${place.text} = ${place.text} ${sign} 1`);
  });
}

function assignment(body: Body): void {
  const random = randomOf(body);
  const locals = body.scope.locals.filter((it) => it.kind === 'typed' || it.kind === 'untyped'
    || (it.kind === 'parameter' && random.chance(20)));
  if (locals.length > 0 && random.chance(25)) return setLocal(body, random.pick(locals));
  const all = writable(body);
  if (all.length === 0) return random.chance(50) ? letting(body, () => undefined) : outline(body);
  const place = random.pick(all);
  const { sort } = place.it;
  if (place.how === 'plain' && sort.kind === 'int' && sort.text !== 'slot' && random.chance(25)) {
    return counting(body, place, sort);
  }
  if (sort.kind !== 'flags' && sort.kind !== 'ref' && random.chance(10)) {
    return comparing(body, place);
  }
  sayStep(body, storeText(body, place));
}

/** What may be assigned to a local: nothing that makes an inferred range grow. */
function setLocal(body: Body, local: Local): void {
  if (local.sort.kind === 'ref') return outline(body);
  const scope: Scope = { ...body.scope, untyped: local.kind !== 'untyped' };
  sayStep(body, `${local.name} = ${value(scope, local.sort, 1)}`);
}

/** `cmpxchg` in all the places where it may stand. */
function comparing(body: Body, place: Place): void {
  const random = randomOf(body);
  const { sort } = place.it;
  const old = value(body.scope, sort, 0);
  const text = `cmpxchg(${place.text}, ${old}, ${value(body.scope, sort, 0)})`;
  const dice = random.below(body.step ? 1 : 4);
  if (dice === 0) {
    const name = fresh(body, 'done');
    sayStep(body, `let ${name} = ${text}`);
    return braced(body, `if ${name}`, (inner) => sayStep(inner, 'step "won"'));
  }
  const head = dice === 1 ? `while !${text}` : `if ${random.chance(30) ? '!' : ''}${text}`;
  body.owner.purse.left -= 1;
  braced(body, head, (inner) => {
    if (dice !== 1 || random.chance(50)) simple(inner);
  });
}

/** A local, and then whatever may use it. */
function letting(body: Body, write: (body: Body) => void): void {
  const random = randomOf(body);
  const sort = random.pick(body.world.sorts);
  const name = fresh(body, 'a');
  const typed = sort.kind === 'int' ? random.chance(50) : random.chance(25);
  const scope = { ...body.scope, untyped: typed || sort.kind !== 'int' };
  const proc = random.chance(15) ? procFor(body, sort) : null;
  const kind = typed ? 'typed' : 'untyped';
  const said = typed ? `: ${sortText(sort)}` : '';
  const needsType = !typed && (sort.kind === 'enum' || sort.kind === 'flags');
  const text = proc !== null ? callText(body, proc)
    : sort.kind === 'int' && random.chance(15) ? `any ${sort.lo}..${sort.hi}`
    : sort.kind === 'int' && sort.text === 'slot' && random.chance(30) ? 'any slot'
    : needsType ? ownWords(body, sort) : value(scope, sort, 1);
  sayStep(body, `let ${name}${said} = ${text}`);
  write(withLocal(body, { name, sort, kind, safe: false }));
}

/** A value that says its type by itself. */
function ownWords(body: Body, sort: Sort): string {
  if (sort.kind === 'enum') {
    return randomOf(body).chance(30) ? `any ${sort.name}`
      : `${sort.name}.${randomOf(body).pick(sort.members)}`;
  }
  return sort.kind === 'flags' ? '{bits.DIRTY}' : value(body.scope, sort, 0);
}

function outline(body: Body): void {
  const random = randomOf(body);
  const text = random.pick(['"walk the tree"', '"flush \\"all\\""', '"zap"']);
  if (body.step || random.chance(60)) return sayStep(body, `step ${text}`);
  const label = fresh(body, 'at');
  body.owner.labels.push(label);
  sayStep(body, `step ${label} ${text}`);
}

const callable = ({ owner, step }: Body): readonly Proc[] => owner.procs.filter((proc) =>
  !(step && proc.blocks) && (!proc.decides || owner.outcomes.length > 0));

function procFor(body: Body, sort: Sort): Proc | null {
  const fit = callable(body).filter(({ result }) => result !== null && sameSort(result, sort)
    && sortText(result) === sortText(sort));
  return fit.length === 0 || body.scope.held.length > 0 ? null : randomOf(body).pick(fit);
}

function callText(body: Body, proc: Proc): string {
  body.owner.called.push(proc);
  body.owner.notes.blocks ||= proc.blocks;
  body.owner.notes.decides ||= proc.decides;
  body.owner.purse.left -= 2;
  const args = proc.params.map(({ sort }) => value(body.scope, sort, 0));
  return `${proc.name}(${args.join(', ')})`;
}

function calling(body: Body): void {
  const all = callable(body);
  const free = body.scope.held.length === 0 || isCareless(body);
  if (all.length === 0 || !free) return assignment(body);
  sayStep(body, callText(body, randomOf(body).pick(all)));
}

function asserting(body: Body): void {
  const careless = isCareless(body) || randomOf(body).chance(20);
  const number = someNumber(body.scope);
  const scope: Scope = { ...body.scope, where: 'condition' };
  const sure = number === null ? '1 + 1 == 2' : `${number} in -1..2`;
  const named = body.scope.held.find((it) => it.lock !== null);
  const held = named === undefined ? sure : `holds ${named.text}`;
  const text = careless ? conditionText(scope, 1) : randomOf(body).pick([sure, held]);
  sayStep(body, `assert ${text}${randomOf(body).chance(40) ? ', "as it should be"' : ''}`);
}

function deciding(body: Body): void {
  const { outcomes } = body.owner;
  if (outcomes.length === 0) return assignment(body);
  if (body.owner.isProc) body.owner.notes.decides = true;
  sayStep(body, `outcome ${randomOf(body).pick(outcomes)}`);
}

/** One statement of about one step, that may also stand in an atomic step. */
export function simple(body: Body): void {
  const dice = randomOf(body).below(20);
  if (dice < 10) return assignment(body);
  if (dice < 12) return body.world.structs.length > 0 ? objects(body) : assignment(body);
  if (dice === 12) return outline(body);
  if (dice === 13) return asserting(body);
  if (dice === 14) return deciding(body);
  if (dice === 15 && isCareless(body)) return blunder(body);
  if (dice < 18) return calling(body);
  return assignment(body);
}

function objects(body: Body): void {
  const dice = randomOf(body).below(4);
  if (dice === 0) return publishing(body);
  if (dice === 1) return retiring(body);
  if (dice === 2) return visiting(body, simple);
  return borrowed(body, simple);
}

/** Sometimes on, sometimes out, as far as the place allows it. */
function jump(body: Body): void {
  const random = randomOf(body);
  if (body.step) return simple(body);
  if (body.loop !== null && random.chance(70)) {
    leave(body, body.loop);
    return sayStep(body, random.pick(['break', 'break', 'continue']));
  }
  leave(body, 0);
  const { result } = body.owner;
  const scope = { ...body.scope, held: [] };
  sayStep(body, result === null ? 'return' : `return ${value(scope, result, 0)}`);
}

function branching(body: Body): void {
  const random = randomOf(body);
  body.owner.purse.left -= 1;
  const shares = random.chance(70);
  const head = (): string => conditionText({ ...body.scope, shares }, 1);
  say(body, `if ${head()} {`);
  const ends = random.chance(body.loop === null ? 20 : 50);
  if (ends) jump(deeper(body));
  else statements(deeper(body), 1);
  if (random.chance(20)) {
    say(body, `} else if ${head()} {`);
    simple(deeper(body));
  }
  if (random.chance(40)) {
    say(body, '} else {');
    statements(deeper(body), 1);
  }
  say(body, '}');
}

/** What one turn of a loop does. */
function turn(body: Body): void {
  if (randomOf(body).chance(25)) branching(body);
  else statements(body, 1);
}

/** A loop that ends by itself, as one in an atomic step has to. */
function climbing(body: Body): void {
  const name = fresh(body, 'n');
  sayStep(body, `let ${name}: 0..2 = 0`);
  braced(body, `while ${name} < 2`, (inner) => {
    simple(inner);
    sayStep(inner, `${name} += 1`);
  });
}

function looping(body: Body): void {
  const random = randomOf(body);
  if (body.owner.purse.left < 3) return simple(body);
  const inner: Body = { ...body, loop: body.scope.held.length };
  const dice = body.step ? random.below(2) : random.below(3);
  if (body.step && dice === 1) return climbing(body);
  if (dice === 0) {
    const { domain, sort } = domainOf(body.scope);
    const name = fresh(body, 'i');
    const local: Local = { name, sort, kind: 'turn', safe: false };
    return braced(withLocal(inner, local), `for ${name} in ${domain}`, turn);
  }
  if (dice === 1) {
    return braced(inner, `while ${conditionText(body.scope, 1)}`, turn);
  }
  braced(inner, 'loop', (it) => {
    turn(it);
    if (random.chance(80)) {
      braced(it, `if ${conditionText(body.scope, 0)}`, (last) => sayStep(last, 'break'));
    } else if (random.chance(70)) sayStep(it, 'break');
  });
}

/** `again: ... if c { goto again }`, or `if c { goto out } ... out: ...` */
function going(body: Body): void {
  const random = randomOf(body);
  if (body.owner.purse.left < 4) return simple(body);
  const label = fresh(body, body.step ? 'out' : random.pick(['again', 'out']));
  if (!body.step) body.owner.labels.push(label);
  const head = `if ${conditionText(body.scope, 0)}`;
  const part = (): void => statements({ ...body, loop: null }, 1);
  const go = (): void => braced(body, head, (inner) => sayStep(inner, `goto ${label}`));
  if (label.startsWith('out')) {
    go();
    part();
    return sayStep(body, `${label}: step "there"`);
  }
  const lines: string[] = [];
  simple({ ...body, lines });
  const [first = '', ...rest] = lines;
  body.lines.push(first.replace(/^( *)/, `$1${label}: `), ...rest);
  if (random.chance(50)) part();
  go();
}

function choosing(body: Body): void {
  const random = randomOf(body);
  body.owner.purse.left -= 1;
  const branches = 2 + random.below(2);
  for (let i = 0; i < branches; i++) {
    say(body, i === 0 ? 'choose {' : '} or {');
    if (random.chance(80)) statements(deeper(body), 1);
  }
  say(body, '}');
}

/** `step label "text" { ... }`: all that can stand in it. */
function atomic(body: Body): void {
  const random = randomOf(body);
  const label = random.chance(30) ? fresh(body, 'at') : null;
  if (label !== null) body.owner.labels.push(label);
  const head = label === null ? 'step "all at once"' : `step ${label} "all at once"`;
  const blocks = body.owner.notes.blocks;
  braced({ ...body, step: true, loop: null }, head, (inner) => {
    for (let i = 0; i <= random.below(3); i++) {
      const dice = random.below(9);
      if (dice === 0) looping(inner);
      else if (dice === 1) choosing(inner);
      else if (dice === 2) tried(inner, simple);
      else if (dice === 3) branching(inner);
      else if (dice === 4) reading(inner, simple);
      else if (dice === 5) going(inner);
      else simple(inner);
    }
  });
  body.owner.notes.blocks = blocks;
}

function compound(body: Body): void {
  const random = randomOf(body);
  const some = (it: Body): void => statements(it, 1 + random.below(2));
  const waitFor = (): string => conditionText({ ...body.scope, where: 'condition' }, 1);
  const hasObjects = body.world.structs.length > 0;
  const dice = random.below(hasObjects ? 30 : 22);
  if (dice < 9) return locked(body, some);
  if (dice < 10) return tried(body, some);
  if (dice < 11) return body.step ? simple(body) : spinning(body, some);
  if (dice < 12) return reading(body, some);
  if (dice < 14) return atomic(body);
  if (dice < 16) return branching(body);
  if (dice < 17) return looping(body);
  if (dice < 18) return going(body);
  if (dice < 19) return choosing(body);
  if (dice < 20) return letting(body, some);
  if (dice < 22) return waiting(body, waitFor);
  if (dice < 26) {
    if (random.chance(25)) return visiting(body, some);
    return reading(body, (it) => visiting(it, some));
  }
  return objects(body);
}

/** Up to so many statements, while the purse lasts. */
export function statements(body: Body, count: number): void {
  for (let i = 0; i < count && (i === 0 || body.owner.purse.left > 0); i++) {
    if (body.step || body.owner.purse.left < 3 || randomOf(body).chance(35)) simple(body);
    else compound(body);
  }
}
