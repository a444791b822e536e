// Part `latency`: wall time from an edit to the checked text's diagnostics, in a process that is
// warm, each time for a program that it has not seen; beside the whole command of the others.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openFile } from '../../server/src/service/check-file.ts';
import { exported } from '../../server/src/service/report/promela.ts';
import { textsOf } from '../support/checking.ts';
import {
  inFolder, isAsked, median, ratio, short, table, whole, type Bench, type Row,
} from './bench.ts';
import { REDUCED } from './engine.ts';
import { mmlockText, murphiText, SIZES, type Size, type Variant } from './models.ts';
import { ccFlags, panFlags, rumurCommands, spinArguments, type Job } from './peers.ts';
import { PHASES, type Times } from './phases.ts';
import { startWarm, type Warm } from './warm.ts';
import type { Answered } from './warm-server.ts';

const HEAD: Row = ['protocol', 'states', 'verdict', 'mmlock ms', 'min - max',
  'searched anew ms', 'min - max',
  'SPIN tcc ms', '/ ours', '/ anew', 'SPIN gcc -O0 ms', '/ ours', 'Rumur gcc -O0 ms', '/ ours'];

/** How often SPIN with gcc and Rumur, which take ten times as long, have their turn. */
const SLOW_EVERY = 3;
/** Before the first figure: a server that has seen some edits, as one has after a minute. */
const WARM_UP = 25;

/** Serials have five digits: the text keeps its length. */
let nextSerial = 10_000;

interface Subject {
  readonly name: string;
  readonly text: string;
  readonly peers: readonly Peer[];
}

interface Peer {
  readonly column: 'tcc' | 'gcc' | 'rumur';
  /** Shell commands from the text to the verdict, in the folder it is given. */
  prepare(serial: number, folder: string): string;
}

export async function latency(bench: Bench): Promise<void> {
  bench.say('\n## Edit to verdict: wall, ours warm, each edit a new program\n');
  const warm = await startWarm(bench.children.latency, bench.models.root);
  const asked = (sizes: readonly Size[]): Size[] => sizes.filter((size) => isAsked(bench, size));
  const sizes = asked([SIZES.tiny, SIZES.small, SIZES.medium, SIZES.large]);
  const coarse = asked([SIZES.smallCoarse, SIZES.largeCoarse]);
  const subjects = [
    ...sizes.flatMap((size) => [false, true].map((racy) => protocol(bench, size, racy))),
    ...coarse.map((size) => protocol(bench, size, false)),
    ...(bench.size === null ? EXAMPLES : []).map((example) => real(bench, example)),
  ];
  for (const { name, text } of subjects) {
    for (const anew of [false, true]) {
      await warm.open(opened(name, anew), { text, options: REDUCED, anew });
    }
  }
  for (const { name } of subjects) {
    const times = name.includes(SIZES.large.name) ? 2 : WARM_UP;
    for (let i = 0; i < times; i++) await bothEdits(warm, name);
  }
  const rows: Row[] = [];
  for (const subject of subjects) rows.push(await measured(bench, warm, subject));
  bench.say(table([HEAD, ...rows]));
  bench.say('\n## Where the time goes: medians in ms, the parts of the way by themselves\n');
  const parts: Row[] = [];
  for (let i = 0; i < WARM_UP; i++) await phasesOnce(bench, warm, { size: SIZES.tiny, racy: true });
  for (const size of sizes) {
    for (const racy of [false, true]) parts.push(await phases(bench, warm, { size, racy }));
  }
  for (const size of coarse) parts.push(await phases(bench, warm, { size, racy: false }));
  bench.say(table([['protocol', ...PHASES], ...parts]));
  warm.end();
}

const ROUNDS = { quick: 9, full: 21 } as const;
/** Edits in a round, as somebody makes them who goes on typing: with a moment before each. */
const EDITS = 4;
const MOMENT_MS = 200;

const opened = (name: string, anew: boolean): string => `${name}${anew ? ', anew' : ''}`;

/** The same edit twice: once as it is, once as if no verdict stood after an edit. */
async function bothEdits(warm: Warm, name: string, before = 0): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const anew of [false, true]) {
    await setTimeout(before);
    answers.push(await warm.change(opened(name, anew), 'SERIAL', nextSerial++));
  }
  return answers;
}

async function measured(bench: Bench, warm: Warm, { name, peers }: Subject): Promise<Row> {
  const ours: number[] = [];
  const anew: number[] = [];
  const theirs: Record<Peer['column'], number[]> = { tcc: [], gcc: [], rumur: [] };
  let states = 0;
  let verdicts = '';
  const rounds = bench.full ? ROUNDS.full : ROUNDS.quick;
  for (let round = 0; round < rounds; round++) {
    for (let edit = 0; edit < EDITS; edit++) {
      const [answered, searched] = await bothEdits(warm, name, MOMENT_MS);
      ours.push(answered!.ms);
      anew.push(searched!.ms);
      states = answered!.states;
      verdicts = [...new Set(Object.values(answered!.verdicts))].sort().join(', ');
    }
    const serial = nextSerial++;
    for (const peer of peers) {
      if (peer.column !== 'tcc' && round % SLOW_EVERY !== 0) continue;
      theirs[peer.column].push(wallOf(bench, peer, serial));
    }
  }
  const own = median(ours);
  const against = (all: readonly number[], by: number): string => ratio(median(all) / by);
  const slow = [theirs.gcc, theirs.rumur].flatMap((all) =>
    [short(median(all)), against(all, own)]);
  return [
    name, whole(states), verdicts, short(own), rangeOf(ours), short(median(anew)), rangeOf(anew),
    short(median(theirs.tcc)), against(theirs.tcc, own), against(theirs.tcc, median(anew)), ...slow,
  ];
}

const rangeOf = (all: readonly number[]): string =>
  `${short(Math.min(...all))} - ${short(Math.max(...all))}`;

function wallOf(bench: Bench, peer: Peer, serial: number): number {
  return inFolder((folder) => {
    const commands = peer.prepare(serial, folder);
    return bench.measure(['sh', '-c', commands], folder).wall * 1000;
  });
}

const quoted = (command: readonly string[]): string =>
  command.map((word) => `'${word.replaceAll('\'', '\'\\\'\'')}'`).join(' ');
const inTurn = (commands: readonly (readonly string[])[]): string =>
  commands.map(quoted).join(' && ');

const TCC = ['tcc'] as const;
const GCC = ['gcc', '-O0'] as const;

/** SPIN from the text to the verdict, with the reductions it has. */
function spinCommands(
  spin: readonly string[], compiler: readonly string[], pan: readonly string[],
): readonly (readonly string[])[] {
  return [spin, [...compiler, ...ccFlags(true), '-o', 'pan', 'pan.c'], ['./pan', '-n', ...pan]];
}

function protocol({ models, tools }: Bench, size: Size, racy: boolean): Subject {
  const variant = (serial: number): Variant => ({ racy, serial });
  const spin = (compiler: readonly string[]): Peer['prepare'] => (serial, folder) => {
    const job: Job = { models, size, variant: variant(serial), folder };
    return inTurn(spinCommands(spinArguments(job, true), compiler, panFlags(size)));
  };
  const rumur: Peer['prepare'] = (serial, folder) => {
    writeFileSync(join(folder, 'model.m'), murphiText(models, size, variant(serial)));
    return inTurn([...rumurCommands({ symmetric: false, level: '-O0' }), ['./model']]);
  };
  return {
    name: `${size.name} ${racy ? 'racy' : 'safe'}`,
    text: mmlockText(models, size, variant(nextSerial++)),
    peers: [
      ...(tools.spin && tools.tcc ? [{ column: 'tcc', prepare: spin(TCC) } as const] : []),
      ...(tools.spin && tools.gcc ? [{ column: 'gcc', prepare: spin(GCC) } as const] : []),
      ...(tools.rumur && tools.gcc && size.steps === 'fine'
        ? [{ column: 'rumur', prepare: rumur } as const] : []),
    ],
  };
}

/** A real file, with a constant put where every scenario meets it. */
interface Example {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const EXAMPLES: readonly Example[] = [
  {
    file: 'examples/munmap/detach_first.mmlock',
    from: 'while v != null && v.vm_start != p {',
    to: 'while v != null && v.vm_start != p && v.vm_start < SERIAL {',
  },
  {
    file: 'examples/munmap/expand_stack.mmlock',
    from: 'invariant no_overlap: unmapping => stack_start == 1',
    to: 'invariant no_overlap: unmapping => stack_start == 1 && stack_start < SERIAL',
  },
];

/** More than any scenario of theirs has. */
const EXAMPLE_STATES_MAX = 10_000;

/** All scenarios of the file; SPIN takes the export of each, one after the other. */
function real({ models, parser, tools }: Bench, { file, from, to }: Example): Subject {
  const original = readFileSync(join(models.root, file), 'utf8');
  if (!original.includes(from)) throw new Error(`${file} has no longer the line ${from}`);
  const textOf = (serial: number): string =>
    `${original.replace(from, to)}\nconst SERIAL = ${serial}\n`;
  const texts = textsOf(null);
  const spin = (compiler: readonly string[]): Peer['prepare'] => (serial, folder) => {
    const opened = openFile({ parser, texts, file, text: textOf(serial), scenario: null });
    return opened.jobs.map(({ scenario: { name: { text: name } } }, i) => {
      const model = exported(opened, { scenario: name, name: file });
      if (model.kind === 'none') throw new Error(model.why);
      writeFileSync(join(folder, `${i}.pml`), model.text);
      const pan = ['-E', ...panFlags({ states: EXAMPLE_STATES_MAX })];
      return inTurn(spinCommands(['spin', '-a', `${i}.pml`], compiler, pan));
    }).join('; ');
  };
  return {
    name: file.split('/').at(-1) ?? file,
    text: textOf(nextSerial++),
    peers: [
      ...(tools.spin && tools.tcc ? [{ column: 'tcc', prepare: spin(TCC) } as const] : []),
      ...(tools.spin && tools.gcc ? [{ column: 'gcc', prepare: spin(GCC) } as const] : []),
    ],
  };
}

interface Kind {
  readonly size: Size;
  readonly racy: boolean;
}

function phasesOnce({ models }: Bench, warm: Warm, { size, racy }: Kind): Promise<Times> {
  const text = (): string => mmlockText(models, size, { racy, serial: nextSerial++ });
  return warm.phases([text(), text()], REDUCED);
}

async function phases(bench: Bench, warm: Warm, kind: Kind): Promise<Row> {
  const all: Times[] = [];
  const rounds = bench.full ? ROUNDS.full : ROUNDS.quick;
  for (let i = 0; i < rounds; i++) all.push(await phasesOnce(bench, warm, kind));
  return [`${kind.size.name} ${kind.racy ? 'racy' : 'safe'}`,
    ...PHASES.map((phase) => short(median(all.map((times) => times[phase]))))];
}
