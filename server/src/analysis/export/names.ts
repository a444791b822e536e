// Names of the model's variables: as in the spec where Promela and C allow it, each once.
import type { CellIdx, Program } from '../../../../simulator/src/program.ts';
import type { Lowered } from '../lowered.ts';

export interface ThreadNames {
  readonly name: string;
  readonly pc: string;
  readonly waits: string;
  readonly rcu: string;
  readonly grace: string;
  readonly outcome: string;
  /** Macros: it has a step; it is done; the threads it waits for, and at locks of which class. */
  readonly canGo: string;
  readonly done: string;
  readonly waitsFor: string;
  readonly waitsAt: string;
}

export interface ClassNames {
  readonly writer: string;
  readonly queue: string;
  /** By thread: how often it holds the lock for reading. */
  readonly readBy: readonly string[];
  /** Macros over a lock (and a ticket): nobody reads it; no writer waits for it; the ticket is
   * next to read; the threads ahead of a ticket to read, to write. */
  readonly unread: string;
  readonly noWriterWaits: string;
  readonly nextToRead: string;
  readonly aheadOfReader: string;
  readonly aheadOfWriter: string;
  /** Inlines: to the end of the queue, out of it. */
  readonly joinQueue: string;
  readonly leaveQueue: string;
}

export interface PoolNames {
  readonly status: string;
  readonly grace: string;
}

export interface Names {
  readonly threads: readonly ThreadNames[];
  readonly classes: readonly ClassNames[];
  readonly pools: readonly PoolNames[];
  readonly places: readonly string[];
  readonly locals: ReadonlyMap<CellIdx, string>;
  /** Another name that nothing else has. */
  readonly fresh: (wish: string) => string;
}

/** What Promela, C, pan and the model itself use. */
const RESERVED = `
  active assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan d_step
  do else empty enabled eval false fi for full get_priority goto hidden if in init inline int
  len local ltl mtype nempty never nfull notrace np_ od of pc_value pid printf priority
  proctype provided return run select set_priority short show skip timeout trace true typedef
  unless unsigned xr xs D_proctype until always eventually next weakuntil release implies
  auto case char const continue default double enum extern float long register signed sizeof
  static struct switch union void volatile while inline restrict NULL EOF main exit
  now State uchar ushort uint trpt trans tau stdin stdout stderr errno
  stopped running judged over nobody_can_go not_yet start no_start end pick put_back check_cycles
  path tried top edges onpath cycle cycle_locks follower checks races idle
  unused live free_pending freed ONLY EVENTUALLY WATCHED
`.split(/\s+/);

/** pan's own types; labels and scratch of the model. */
const PAN_OWN = new RegExp(`^(?:[PQ][0-9]+|_.*|mm_.*|r[0-9]+|(?:saved|seen|look)_.*`
  + '|(?:value|at|granted|part|accept|property)_[0-9].*)$');

export function nameAll({ program, cells }: Lowered): Names {
  const taken = new Set(RESERVED);
  const fresh = (wish: string): string => {
    const plain = wish.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^([0-9])/, 'n$1') || 'n';
    const base = PAN_OWN.test(plain) ? `the_${plain.replace(/^_+/, '')}` : plain;
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}_${i}`;
    taken.add(name);
    return name;
  };
  const places = program.places.map((place) => fresh(place.name));
  const threads = program.threads.map((thread) => threadNames(fresh(thread.name), fresh));
  const classes = program.classes.map((cls): ClassNames => {
    const name = fresh(cls.name);
    return {
      writer: fresh(`${name}_writer`),
      queue: fresh(`${name}_queue`),
      readBy: threads.map((thread) => fresh(`${name}_read_by_${thread.name}`)),
      unread: fresh(`${name}_unread`), noWriterWaits: fresh(`${name}_no_writer_waits`),
      nextToRead: fresh(`${name}_next_to_read`),
      aheadOfReader: fresh(`${name}_ahead_of_reader`),
      aheadOfWriter: fresh(`${name}_ahead_of_writer`),
      joinQueue: fresh(`${name}_join_queue`), leaveQueue: fresh(`${name}_leave_queue`),
    };
  });
  const pools = program.pools.map((pool): PoolNames => {
    const name = fresh(pool.name);
    return { status: fresh(`${name}_status`), grace: fresh(`${name}_grace`) };
  });
  const locals = new Map(localCells(program).map((cell): [CellIdx, string] => {
    const info = cells[cell];
    const owner = info?.thread === null ? undefined : threads[info?.thread ?? -1];
    return [cell, fresh(`${owner?.name ?? 'local'}_${info?.name ?? cell}`)];
  }));
  return { threads, classes, pools, places, locals, fresh };
}

function threadNames(name: string, fresh: (wish: string) => string): ThreadNames {
  const own = (what: string): string => fresh(`${name}_${what}`);
  return {
    name, pc: own('pc'), waits: own('waits'), rcu: own('rcu'), grace: own('grace'),
    outcome: own('outcome'), canGo: own('can_go'), done: own('done'),
    waitsFor: own('waits_for'), waitsAt: own('waits_at'),
  };
}

/** The cells that belong to no place. */
function localCells(program: Program): CellIdx[] {
  const shared = new Set(program.places.flatMap(({ base, count }) =>
    Array.from({ length: count }, (_, i) => base + i)));
  return program.cells.flatMap((_, cell) => (shared.has(cell) ? [] : [cell]));
}
