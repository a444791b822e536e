// Feature: edits that are offered at a place and claim nothing about the protocol: taking what was
// found for what is expected, declaring a name, running more threads. What mends a violation is
// offered elsewhere, after it was checked.
import { contains, touches, type Range } from '../text/range.ts';
import type { Told } from '../analysis/judgement.ts';
import { walkStmts } from '../analysis/walk.ts';
import { undeclaredAt } from './declare-shared.ts';
import type { Decl, ScenarioDecl, ThreadDecl } from './nodes.ts';
import type { Snapshot } from './snapshot.ts';

export interface AssistEdit extends Range {
  readonly text: string;
}

export interface Assist {
  readonly title: string;
  /** `mends`: it answers a mistake that is shown there. */
  readonly mends: boolean;
  /** In the order of the text, without overlap. */
  readonly edits: readonly AssistEdit[];
}

export function assists(snapshot: Snapshot, range: Range): readonly Assist[] {
  return [
    ...acceptVerdict(snapshot, range), ...addOutcome(snapshot, range),
    ...declareLock(snapshot, range), ...declareShared(snapshot, range),
    ...moreThreads(snapshot, range),
  ];
}

/** The `expect` line that the verdict meets, of the scenario at the place whose own is not met. */
function acceptVerdict({ model, checks, text }: Snapshot, range: Range): readonly Assist[] {
  return model.scenarios.flatMap((scenario, i): readonly Assist[] => {
    const check = checks[i];
    if (!touches(scenario.range, range) || check?.kind !== 'judged') return [];
    const { expectation, verdict, violations } = check.judgement;
    if (expectation !== 'unmet' || verdict === 'unknown') return [];
    const names = [...new Set(violations.filter(({ code }) => code !== 'refines').map(failure))];
    const line = names.length === 0 ? 'expect safe' : `expect fails ${names.join(', ')}`;
    const edits = replacedExpect(scenario, text, line);
    return edits.length === 0 ? []
      : [{ title: `Accept what was found: ${line}`, mends: true, edits }];
  });
}

const PROPERTIES: ReadonlySet<string> = new Set([
  'invariant', 'final', 'eventually', 'reachable',
]);

/** As an `expect fails` names it. */
function failure({ code, subject }: Told): string {
  if (subject === null) return code;
  if (PROPERTIES.has(code)) return subject;
  if (code === 'assert') return `assert(${JSON.stringify(subject)})`;
  // Any lock of a circle stands for it.
  return `${code}(${code === 'deadlock' ? subject.split(', ')[0] ?? subject : subject})`;
}

/** `refines` lines stay; there is nothing to do where only they are not met. */
function replacedExpect(
  { items, range }: ScenarioDecl, text: string, line: string,
): readonly AssistEdit[] {
  const expects = items.flatMap((item) =>
    (item.kind === 'expect' && item.expect !== 'refines' ? [item.range] : []));
  const [first, ...rest] = expects;
  if (first !== undefined) {
    if (rest.length === 0 && text.slice(first.start, first.end) === line) return [];
    return [{ ...first, text: line },
      ...rest.map((each) => ({ ...lineOf(text, each), text: '' }))];
  }
  const last = items.at(-1);
  const refines = items.some(({ kind }) => kind === 'expect');
  if (last === undefined || (line === 'expect safe' && refines)) {
    return [];
  }
  const isOneLine = !text.slice(range.start, range.end).includes('\n');
  const { end } = last.range;
  return [{ start: end, end, text: isOneLine ? `  ${line}` : `\n  ${line}` }];
}

/** With the white space before it, and its line break if nothing else is on the line. */
function lineOf(text: string, { start, end }: Range): Range {
  const before = text.slice(0, start);
  return { start: before.trimEnd().length, end };
}

/** Of `outcome x` in a thread that does not declare it. */
function addOutcome({ model }: Snapshot, range: Range): readonly Assist[] {
  return model.threads.filter((thread) => touches(thread.range, range)).flatMap((thread) => {
    const names = new Set(thread.outcomes.map(({ name }) => name.text));
    const found: Assist[] = [];
    walkStmts(thread.body, (stmt) => {
      if (stmt.kind !== 'outcome' || stmt.name.text === '' || names.has(stmt.name.text)) return;
      if (!touches(stmt.range, range)) return;
      found.push({
        title: `Add ${stmt.name.text} to the outcomes of ${thread.name.text}`, mends: true,
        edits: [outcomeEdit(thread, stmt.name.text)],
      });
    });
    return found;
  });
}

function outcomeEdit({ outcomes, body }: ThreadDecl, name: string): AssistEdit {
  const last = outcomes.at(-1);
  if (last !== undefined) return { start: last.range.end, end: last.range.end, text: ` | ${name}` };
  return { start: body.range.start, end: body.range.start, text: `-> ${name} ` };
}

/** Of a lock that a statement takes and nothing declares. */
function declareLock({ model, text }: Snapshot, range: Range): readonly Assist[] {
  return model.source.decls.filter((decl) => touches(decl.range, range)).flatMap((decl) => {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') return [];
    const found: Assist[] = [];
    walkStmts(decl.body, (stmt) => {
      if ((stmt.kind !== 'acquire' && stmt.kind !== 'try') || stmt.lock.kind !== 'ident') return;
      const { name: { text: name }, range: at } = stmt.lock;
      if (!touches(at, range) || model.refs.has(stmt.lock) || model.symbols.has(name)) return;
      const kind = stmt.mode === null ? 'mutex' : 'rwsem';
      found.push({
        title: `Declare lock ${name}: ${kind}`, mends: true,
        edits: [declaration(
          model.source.decls, { decl, text, line: `lock ${name}: ${kind}`, behind: ['lock'] })],
      });
    });
    return found;
  });
}

/** Of a variable that a statement reads or writes and nothing declares. */
function declareShared({ model, text }: Snapshot, range: Range): readonly Assist[] {
  const { decls } = model.source;
  return undeclaredAt(model, range).flatMap(({ name, type, range: at }): readonly Assist[] => {
    const decl = decls.find((each) => touches(each.range, at));
    const line = `shared ${name}: ${type}`;
    return decl === undefined ? [] : [{
      title: `Declare ${line}`, mends: true,
      edits: [declaration(decls, { decl, text, line, behind: ['shared', 'lock'] })],
    }];
  });
}

interface Declaring {
  /** That wants it. */
  readonly decl: Decl;
  readonly text: string;
  readonly line: string;
  /** Behind the last of the first of these kinds that there is. */
  readonly behind: readonly Decl['kind'][];
}

/** Behind others of its kind, else above the one that wants it and its comment. */
function declaration(
  decls: readonly Decl[], { decl, text, line, behind }: Declaring,
): AssistEdit {
  const [last] = behind.flatMap((wanted) =>
    decls.filter(({ kind }) => kind === wanted).at(-1) ?? []);
  if (last !== undefined) return { start: last.range.end, end: last.range.end, text: `\n${line}` };
  let start = text.lastIndexOf('\n', decl.range.start - 1) + 1;
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !text.slice(above, start).trimStart().startsWith('///')) break;
    start = above;
  }
  return { start, end: start, text: `${line}\n\n` };
}

/** The scenario at the place once more, with two of the thread that is pointed at. */
function moreThreads({ model, text }: Snapshot, { start, end }: Range): readonly Assist[] {
  const isAt = ({ range }: { readonly range: Range }): boolean =>
    contains(range, start) && contains(range, end);
  const scenario = model.scenarios.find(isAt);
  if (scenario === undefined || model.broken.has(scenario)) return [];
  const run = scenario.items.find(isAt);
  // An alias of several threads would name them all: another question to those who ask about it.
  if (run?.kind !== 'run' || run.alias !== null || run.count !== null) return [];
  const { range, name: { text: name, range: at } } = scenario;
  const fresh = freshName(model.scenarios.map((each) => each.name.text), name);
  const copy = text.slice(range.start, at.start) + fresh + text.slice(at.end, run.range.end)
    + ' x 2' + text.slice(run.range.end, range.end);
  return [{
    title: `Add scenario ${fresh}, with two of ${run.thread.text}`, mends: false,
    edits: [{ start: range.end, end: range.end, text: `\n\n${copy}` }],
  }];
}

function freshName(taken: readonly string[], name: string): string {
  for (let n = 2; ; n++) if (!taken.includes(`${name}_${n}`)) return `${name}_${n}`;
}
