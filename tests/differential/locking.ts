// Random statements about locks and read sections, mostly balanced and in one order.
import { deeper, fresh, isCareless, randomOf, releaseText, say, sayStep, withHeld,
  type Body } from './body.ts';
import { indexText, type Held } from './expressions.ts';
import { hasRead, lockRank, spins, type Lock } from './world.ts';

export type Write = (body: Body) => void;

/** A lock that can be named here, as text. */
function nameOf(body: Body, lock: Lock): string | null {
  if (lock.struct !== null) {
    const refs = body.scope.locals.filter(({ sort, safe }) => safe
      && sort.kind === 'ref' && sort.struct === lock.struct);
    return refs.length === 0 ? null : `${randomOf(body).pick(refs).name}.${lock.name}`;
  }
  return lock.many ? `${lock.name}[${indexText(body.scope)}]` : lock.name;
}

/** Whether taking it here is in order: outer locks first, nothing that sleeps under a spinlock. */
function isInOrder(body: Body, lock: Lock): boolean {
  const { held } = body.scope;
  const rank = lockRank(body.world, lock);
  if (held.some((it) => it.lock !== null && lockRank(body.world, it.lock) >= rank)) return false;
  const atomic = held.some((it) => it.lock === null || spins(it.lock));
  return !atomic || spins(lock);
}

/** A lock to take, with the mode and the words for it; null where none is in order. */
export function choose(body: Body): (Held & { readonly words: string }) | null {
  const { world } = body;
  const random = randomOf(body);
  const all = [...world.structs.flatMap(({ locks }) => locks), ...world.locks];
  const fit = all.filter((lock) => isInOrder(body, lock) || isCareless(body)).flatMap((lock) => {
    const text = nameOf(body, lock);
    return text === null ? [] : [{ lock, text }];
  });
  if (fit.length === 0) return null;
  const { lock, text } = random.pick(fit);
  const mode = hasRead(lock) && random.chance(45) ? 'read' : 'write';
  return { lock, text, mode, words: hasRead(lock) ? `${mode} ${text}` : text };
}

const nestedText = (body: Body): string => (randomOf(body).chance(8) ? ' nested' : '');

export function locked(body: Body, write: Write): void {
  const held = choose(body);
  if (held === null || body.step) return write(body);
  body.owner.notes.blocks = true;
  sayStep(body, `acquire ${held.words}${nestedText(body)}`);
  const inner = withHeld(body, held);
  write(inner);
  let { mode } = held;
  if (held.lock?.kind === 'rwsem' && mode === 'write' && randomOf(body).chance(30)) {
    sayStep(body, `downgrade ${held.text}`);
    mode = 'read';
    write(withHeld(body, { ...held, mode }));
  }
  if (!isCareless(body)) sayStep(body, releaseText(body, { ...held, mode }));
}

/** `if try acquire L { ... release L } else { ... }` */
export function tried(body: Body, write: Write): void {
  const held = choose(body);
  if (held === null) return write(body);
  const random = randomOf(body);
  body.owner.purse.left -= 1;
  const head = `if try acquire ${held.words}${nestedText(body)}`;
  say(body, `${head} {`);
  const inner = withHeld(deeper(body), held);
  if (random.chance(70)) write(inner);
  if (!isCareless(body)) sayStep(inner, releaseText(inner, held));
  const last = random.chance(25) ? choose(body) : null;
  if (last !== null) {
    say(body, `} else if try acquire ${last.words} {`);
    sayStep(deeper(body), releaseText(body, last));
  }
  if (random.chance(40)) {
    say(body, '} else {');
    write(deeper(body));
  }
  say(body, '}');
}

/** `retry: if try acquire L { ... release L } else { goto retry }` */
export function spinning(body: Body, write: Write): void {
  const held = choose(body);
  if (held === null || body.owner.purse.left < 4) return write(body);
  body.owner.purse.left -= 2;
  const label = fresh(body, 'retry');
  body.owner.labels.push(label);
  say(body, `${label}: if try acquire ${held.words} {`);
  const inner = { ...withHeld(deeper(body), held), loop: null };
  write(inner);
  sayStep(inner, releaseText(inner, held));
  say(body, '} else {');
  sayStep(deeper(body), `goto ${label}`);
  say(body, '}');
}

export function reading(body: Body, write: Write): void {
  sayStep(body, 'rcu_read_lock');
  const held: Held = { text: 'rcu', lock: null, mode: 'read' };
  write(withHeld(body, held));
  if (!isCareless(body)) sayStep(body, releaseText(body, held));
}

/** Something that waits for others, where that is in order. */
export function waiting(body: Body, condition: () => string): void {
  const atomic = body.scope.held.some((it) => it.lock === null || spins(it.lock));
  if (body.step || (atomic && !isCareless(body))) return sayStep(body, 'step "look around"');
  body.owner.notes.blocks = true;
  if (randomOf(body).chance(25)) return sayStep(body, 'synchronize_rcu');
  sayStep(body, `await ${condition()}`);
}

/** Wrong on purpose: an unlock that nothing asks for. */
export function blunder(body: Body): void {
  const held = choose(body);
  const wrong = held === null ? 'rcu_read_unlock' : releaseText(body, held);
  sayStep(body, randomOf(body).pick([wrong, 'rcu_read_unlock', wrong]));
}
