// Part `felt`: what is felt of a server while typing into a large file, over the protocol as an
// editor speaks it: from a key to what the editor asks for behind it, and memory over many edits.
import { performance } from 'node:perf_hooks';
import {
  mebibytes, median, ratio, short, table, whole, type Bench, type Row,
} from './bench.ts';
import { subjects, type Subject } from './felt-files.ts';
import { LspProcess } from './lsp-process.ts';

/** Lines that are typed letter by letter, each in another unit. */
const N_LINES = { quick: 5, full: 40 } as const;
const WARM_UP_LINES = 1;
const N_EDITS = 1_000;
const N_EDITS_WARM = 200;

/** One editor at a document. */
interface Seat {
  readonly subject: Subject;
  readonly client: LspProcess;
  tokens: string | null;
}

interface Question {
  readonly name: string;
  can(seat: Seat): boolean;
  /** Resolves with the answer to the key just typed at `offset` of the unit `k`. */
  ask(seat: Seat, offset: number, k: number): Promise<unknown>;
}

const QUESTIONS: readonly Question[] = [
  { name: 'diagnostics', can: () => true, ask: ({ client }) => client.diagnostics() },
  {
    name: 'completion', can: ({ client }) => client.can.completionProvider !== undefined,
    ask: ({ client }, offset) =>
      client.ask('textDocument/completion', { position: client.position(offset) }),
  },
  {
    name: 'hover', can: () => true,
    ask: async ({ client, subject }, _, k) => {
      // Above what is half typed, which may have swallowed what is below it.
      const position = client.position(client.text.indexOf(subject.pointedAt(k - 1)) + 1);
      const found = await client.ask('textDocument/hover', { position });
      if (found === null) throw new Error(`${subject.name}: no hover`);
    },
  },
  {
    name: 'semantic tokens, delta',
    can: ({ client }) => client.can.semanticTokensProvider !== undefined, ask: tokensDelta,
  },
  { name: 'all that VS Code asks', can: () => true, ask: everything },
];

async function tokensDelta(seat: Seat): Promise<void> {
  const { client, tokens } = seat;
  const { resultId }: { resultId: string } = tokens === null
    ? await client.ask('textDocument/semanticTokens/full')
    : await client.ask('textDocument/semanticTokens/full/delta', { previousResultId: tokens });
  seat.tokens = resultId;
}

/** At once, as far as the server has it; until the last answer. */
async function everything(seat: Seat, offset: number): Promise<void> {
  const { client } = seat;
  const { can } = client;
  const position = client.position(offset);
  const ask = (provider: unknown, method: string, more = {}): readonly Promise<unknown>[] =>
    (provider === undefined ? [] : [client.ask(`textDocument/${method}`, more)]);
  const start = { line: Math.max(0, position.line - 30), character: 0 };
  const range = { start, end: { line: position.line + 30, character: 0 } };
  await Promise.all([
    client.diagnostics(),
    ...ask(can.completionProvider, 'completion', { position }),
    ...(can.semanticTokensProvider === undefined ? [] : [tokensDelta(seat)]),
    ...ask(can.documentSymbolProvider, 'documentSymbol'),
    ...ask(can.codeLensProvider, 'codeLens'),
    ...ask(can.inlayHintProvider, 'inlayHint', { range }),
    ...ask(can.foldingRangeProvider, 'foldingRange'),
    ...ask(can.documentHighlightProvider, 'documentHighlight', { position }),
  ]);
}

export async function felt(bench: Bench): Promise<void> {
  bench.say('\n## Felt: a key in a file of 2,000 lines, medians in ms over the protocol\n');
  const all = subjects(bench);
  if (all.length < 2) bench.say('bash-language-server is not installed: skipped.\n');
  const seats: Seat[] = [];
  for (const subject of all) {
    const client = await LspProcess.start(subject.server);
    await client.open(subject.text);
    seats.push({ subject, client, tokens: null });
  }
  try {
    const times = await typed(seats, bench.full ? N_LINES.full : N_LINES.quick);
    bench.say(keysTable(seats, times));
    bench.say(`\n## ${whole(N_EDITS)} edits in a row: resident MiB, and ms for one\n`);
    const rows: Row[] = [];
    for (const seat of seats) rows.push(await manyEdits(seat));
    bench.say(table([['server', 'before', 'after', 'growth', 'ms / edit'], ...rows]));
  } finally {
    for (const { client } of seats) await client.stop();
  }
}

type Times = ReadonlyMap<Seat, ReadonlyMap<Question, readonly number[]>>;

/** The servers take turns line by line; within a line each key is followed by another question. */
async function typed(seats: readonly Seat[], nLines: number): Promise<Times> {
  const times = new Map(seats.map((seat): [Seat, Map<Question, number[]>] =>
    [seat, new Map(QUESTIONS.map((question) => [question, []]))]));
  for (let n = 0; n < WARM_UP_LINES + nLines; n++) {
    for (const [seat, of] of times) {
      for (const { question, ms } of await lineTyped(seat, n)) {
        if (n >= WARM_UP_LINES) of.get(question)?.push(ms);
      }
    }
  }
  return times;
}

async function lineTyped(
  seat: Seat, n: number,
): Promise<readonly { readonly question: Question; readonly ms: number }[]> {
  const { subject, client } = seat;
  const k = 1 + (n * 7) % (subject.nUnits - 1);
  const from = placeIn(seat, k);
  const line = subject.line(k);
  const asked = QUESTIONS.filter(({ can }) => can(seat));
  const times: { question: Question; ms: number }[] = [];
  for (const [i, letter] of [...line].entries()) {
    const question = asked[(i + n) % asked.length];
    if (question === undefined) continue;
    const start = performance.now();
    client.type({ start: from + i, end: from + i, text: letter });
    await question.ask(seat, from + i + 1, k);
    times.push({ question, ms: performance.now() - start });
  }
  client.type({ start: from, end: from + line.length, text: '' });
  await client.diagnostics();
  return times;
}

function placeIn({ subject, client }: Seat, k: number): number {
  const below = subject.below(k);
  return client.text.indexOf(`${below}\n`) + below.length;
}

function keysTable(seats: readonly Seat[], times: Times): string {
  const [first, ...others] = seats;
  const head = ['from a key to', ...seats.map(({ subject }) => subject.name),
    ...others.map(() => '/ ours'), ...seats.map(() => 'min - max')];
  const rows = QUESTIONS.map((question): Row => {
    const of = (seat: Seat | undefined): readonly number[] =>
      (seat === undefined ? [] : times.get(seat)?.get(question) ?? []);
    const span = (all: readonly number[]): string =>
      (all.length === 0 ? '-' : `${short(Math.min(...all))} - ${short(Math.max(...all))}`);
    return [
      question.name, ...seats.map((seat) => short(median(of(seat)))),
      ...others.map((seat) => ratio(median(of(seat)) / median(of(first)))),
      ...seats.map((seat) => span(of(seat))),
    ];
  });
  return table([head, ...rows]);
}

/** A letter typed and taken back, here and there; after each the diagnostics are waited for. */
async function manyEdits(seat: Seat): Promise<Row> {
  const { subject, client } = seat;
  const edit = async (n: number): Promise<void> => {
    const from = placeIn(seat, (n >> 1) % subject.nUnits);
    client.type(n % 2 === 0 ? { start: from, end: from, text: '\n' }
      : { start: from, end: from + 1, text: '' });
    await client.diagnostics();
  };
  for (let n = 0; n < N_EDITS_WARM; n++) await edit(n);
  const before = client.resident();
  const start = performance.now();
  for (let n = 0; n < N_EDITS; n++) await edit(n);
  const ms = performance.now() - start;
  const after = client.resident();
  return [subject.name, mebibytes(before), mebibytes(after), mebibytes(after - before),
    short(ms / N_EDITS)];
}
