// Random statements about objects: made, published, looked at by readers, taken back and freed.
import { fresh, isCareless, randomOf, say, sayStep, withLocal, deeper, type Body } from './body.ts';
import { value, type Local } from './expressions.ts';
import type { Write } from './locking.ts';
import type { Struct, Variable } from './world.ts';

interface Published {
  readonly struct: Struct;
  /** The shared ref to its objects. */
  readonly pointer: Variable;
}

function pick(body: Body): Published | null {
  const { structs, variables } = body.world;
  const all = structs.flatMap((struct) => variables
    .filter(({ sort }) => sort.kind === 'ref' && sort.struct === struct.name)
    .map((pointer) => ({ struct, pointer })));
  return all.length === 0 ? null : randomOf(body).pick(all);
}

const isHeld = (body: Body, { care }: Variable, mode: 'read' | 'write'): boolean =>
  care.kind === 'lock' && body.scope.held.some((it) => it.lock === care.lock
    && (mode === 'read' || it.mode === 'write'));

/** Whether the pointer can be read, or written, here as it should be. */
const mayTouch = (body: Body, pointer: Variable, mode: 'read' | 'write'): boolean =>
  pointer.care.kind !== 'lock' || isHeld(body, pointer, mode) || isCareless(body);

const readText = ({ name, care }: Variable): string =>
  (care.kind === 'marked' ? `READ_ONCE(${name})` : name);
const writeText = (body: Body, { name, care }: Variable, text: string): string =>
  (care.kind === 'marked' || randomOf(body).chance(15)
    ? `WRITE_ONCE(${name}, ${text})` : `${name} = ${text}`);

const localRef = (name: string, struct: Struct, safe: boolean): Local =>
  ({ name, sort: { kind: 'ref', struct: struct.name }, kind: 'untyped', safe });

function newText(body: Body, struct: Struct): string {
  const inits = struct.fields.filter(() => randomOf(body).chance(40))
    .map((field) => `${field.name} = ${value({ ...body.scope, shares: false }, field.sort, 0)}`);
  const comma = randomOf(body).chance(50) ? ', ' : ' ';
  const text = inits.length === 0 ? '' : ` { ${inits.join(comma)} }`;
  return `new ${struct.name}${text}`;
}

/** An object made and put where others see it. */
export function publishing(body: Body): void {
  const found = pick(body);
  if (found === null || !mayTouch(body, found.pointer, 'write')) {
    return sayStep(body, 'step "idle"');
  }
  const { struct, pointer } = found;
  if (randomOf(body).chance(30)) {
    return sayStep(body, `${pointer.name} = ${newText(body, struct)}`);
  }
  const name = fresh(body, 'v');
  const typed = randomOf(body).chance(20) ? `: ref ${struct.name}` : '';
  sayStep(body, `let ${name}${typed} = ${newText(body, struct)}`);
  sayStep(body, writeText(body, pointer, name));
}

/** `let v = p  if v != null { ... }` */
export function visiting(body: Body, write: Write): void {
  const found = pick(body);
  if (found === null || !mayTouch(body, found.pointer, 'read')) return write(body);
  const { struct, pointer } = found;
  const name = fresh(body, 'v');
  sayStep(body, `let ${name} = ${readText(pointer)}`);
  const careful = !isCareless(body);
  if (careful) say(body, `if ${name} != null {`);
  const field = struct.fields.find(({ guarded, sort }) => !guarded && sort.kind !== 'ref');
  if (field !== undefined && randomOf(body).chance(50)) {
    const local = fresh(body, 'f');
    sayStep(careful ? deeper(body) : body, `let ${local} = READ_ONCE(${name}.${field.name})`);
  }
  write(withLocal(careful ? deeper(body) : body, localRef(name, struct, true)));
  if (careful) say(body, '}');
}

/** Takes the object back from where others see it, and frees it when they have left. */
export function retiring(body: Body): void {
  const found = pick(body);
  const random = randomOf(body);
  if (found === null || !mayTouch(body, found.pointer, 'write')) {
    return sayStep(body, 'step "idle"');
  }
  const { struct, pointer } = found;
  const name = fresh(body, 'v');
  const atomic = body.scope.held.some((it) => it.lock === null || it.lock.kind !== 'mutex');
  const waits = !body.step && (!atomic || isCareless(body));
  sayStep(body, `let ${name} = ${readText(pointer)}`);
  const inner = withLocal(deeper(body), localRef(name, struct, true));
  say(body, `if ${name} != null {`);
  sayStep(inner, writeText(inner, pointer, 'null'));
  if (isCareless(body) || !waits || random.chance(50)) {
    sayStep(inner, `${isCareless(body) || random.chance(35) ? 'free' : 'free_rcu'} ${name}`);
  } else {
    body.owner.notes.blocks = true;
    sayStep(inner, 'synchronize_rcu');
    sayStep(inner, `free ${name}`);
  }
  say(body, '}');
}

/** Refs that may be given back: what an allocation of one's own is followed by. */
export function borrowed(body: Body, write: Write): void {
  const found = pick(body);
  if (found === null) return write(body);
  const name = fresh(body, 'v');
  sayStep(body, `let ${name} = ${newText(body, found.struct)}`);
  write(withLocal(body, localRef(name, found.struct, true)));
  sayStep(body, `${randomOf(body).pick(['free', 'free_rcu'])} ${name}`);
}
