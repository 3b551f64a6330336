/**
 * Every interleaving of one writer and several threads that read, over the loads and stores that the cache of rows is made of. Two rows, X and
 * Y, which each write sets to the same number in one commit. What an answer may be:
 *
 * - fresh: a reading that begins after a write was answered sees it
 * - in order: a reading that begins after another was answered sees no less
 * - of one moment: X and Y are of the same commit
 */
export const PROMISES = ['fresh', 'in order', 'of one moment'] as const;
export type Promised = (typeof PROMISES)[number];

export type Row = 'x' | 'y';
/** A row as a thread keeps it. */
interface Kept {
  readonly value: number;
  readonly counter: number;
  readonly epoch: number;
}

export interface Cells {
  epoch: number;
  counter: number;
  marks: Record<Row, number>;
}

export interface WriterState {
  step: string;
  writes: number;
  sequence: number;
  /** What may go wrong once has gone wrong. */
  mishaps: number;
}

export interface ReaderState {
  step: string;
  readings: number;
  kept: Partial<Record<Row, Kept>>;
  /** Of before the transaction. */
  moment: { counter: number; epoch: number };
  /** What the transaction sees, once it has read its first row. */
  snapshot: number;
  /** What had been answered when the reading began: by the writer, and by any reader. */
  mustSee: { written: number; read: number };
}

export interface World {
  /** What is committed. */
  store: number;
  cells: Cells;
  answered: { written: number; read: number };
  writer: WriterState;
  readers: ReaderState[];
  broken: Promised[];
}

/** What one step does; answers the steps that may follow. None: it has ended. */
export type Step<Own> = (world: World, own: Own) => readonly string[];
export type Program<Own> = Readonly<Record<string, Step<Own>>>;

export interface Explored {
  readonly states: number;
  /** By the first answer that was wrong. */
  readonly broken: readonly Promised[];
}

const MAX_STATES = 2_000_000;

/** Looks at every state, or as far as the first answer that breaks a promise. */
export function explore(writer: Program<WriterState>, reader: Program<ReaderState>, readers: number): Explored {
  const seen = new Set<string>();
  const open: World[] = [beginning(readers)];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    // It is all the same which reader is which.
    world.readers.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    const key = JSON.stringify(world);
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    if (seen.size > MAX_STATES) {
      throw new Error('too many states: nothing is known of the rest');
    }
    for (const next of movesOf(world, writer, reader)) {
      if (next.broken.length > 0) {
        return { states: seen.size, broken: next.broken };
      }
      open.push(next);
    }
  }
  return { states: seen.size, broken: [] };
}

function beginning(readers: number): World {
  return {
    store: 0,
    cells: { epoch: 0, counter: 0, marks: { x: 0, y: 0 } },
    answered: { written: 0, read: 0 },
    writer: { step: 'start', writes: 0, sequence: 0, mishaps: 0 },
    readers: Array.from({ length: readers }, () => ({
      step: 'start',
      readings: 0,
      kept: {},
      moment: { counter: 0, epoch: 0 },
      snapshot: 0,
      mustSee: { written: 0, read: 0 },
    })),
    broken: [],
  };
}

function movesOf(world: World, writer: Program<WriterState>, reader: Program<ReaderState>): World[] {
  const moves = movesOfOne(world, writer, ({ writer: own }) => own);
  for (let i = 0; i < world.readers.length; i++) {
    moves.push(...movesOfOne(world, reader, ({ readers }) => readers[i] as ReaderState));
  }
  return moves;
}

function movesOfOne<Own extends { step: string }>(
  world: World,
  program: Program<Own>,
  ownOf: (world: World) => Own,
): World[] {
  const after = copyOf(world);
  const own = ownOf(after);
  const next = program[own.step]?.(after, own) ?? [];
  return next.map((step) => {
    const chosen = copyOf(after);
    ownOf(chosen).step = step;
    return chosen;
  });
}

function copyOf(world: World): World {
  return JSON.parse(JSON.stringify(world)) as World;
}

/** Ends a reading. What it knew besides what it keeps is forgotten, so that equal worlds are one. */
export function answerWith(world: World, own: ReaderState, x: number, y: number): readonly string[] {
  const least = Math.min(x, y);
  if (x !== y) {
    world.broken.push('of one moment');
  }
  if (least < own.mustSee.written) {
    world.broken.push('fresh');
  }
  if (least < own.mustSee.read) {
    world.broken.push('in order');
  }
  world.answered.read = Math.max(world.answered.read, least);
  own.moment = { counter: 0, epoch: 0 };
  own.snapshot = 0;
  own.mustSee = { written: 0, read: 0 };
  return ['start'];
}
