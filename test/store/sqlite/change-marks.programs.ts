/** What `change-marks.ts`, the writer and those who read do, one load or store a step; and what looks as good and is not. */
import {
  answerWith,
  type Program,
  type ReaderState,
  type Row,
  type World,
  type WriterState,
} from './change-marks.explorer.ts';

const MAX_READINGS = 2;
const NEVER = 1_000;

export interface WriterOptions {
  /** 2 unless told otherwise. */
  readonly writes?: number;
  /** What happens once: a commit fails; the writer dies, before its commit or after it; the numbers begin again. */
  readonly mishap?: 'commit fails' | 'dies' | 'begins again';
  readonly wrong?:
    | 'marks after the commit'
    | 'counter before the commit'
    | 'a row is not marked'
    | 'epoch before the counter';
}

export function writerOf({ writes = 2, mishap, wrong }: WriterOptions = {}): Program<WriterState> {
  const may = (own: WriterState, what: WriterOptions['mishap']) => mishap === what && own.mishaps === 0;
  const mark = (row: Row, then: string) => (world: World, own: WriterState) => {
    world.cells.marks[row] = own.sequence;
    return [then];
  };
  const [afterBegin, afterMarks, afterCommit] =
    wrong === 'marks after the commit'
      ? ['commit', 'counter', 'mark x']
      : wrong === 'counter before the commit'
        ? ['mark x', 'counter', 'answer']
        : ['mark x', 'commit', 'counter'];
  return {
    start: (_, own) => (own.writes < writes ? ['begin'] : []),
    begin: (_, own) => {
      own.writes += 1;
      own.sequence += 1;
      return [wrong === 'a row is not marked' ? 'mark y' : afterBegin];
    },
    'mark x': mark('x', 'mark y'),
    'mark y': (world, own) => [
      ...mark('y', afterMarks)(world, own),
      ...(may(own, 'dies') ? ['die'] : []),
      ...(may(own, 'commit fails') ? ['fail'] : []),
    ],
    commit: (world, own) => {
      world.store = own.writes;
      return [afterCommit, ...(may(own, 'dies') ? ['die'] : [])];
    },
    counter: (world, own) => {
      world.cells.counter = own.sequence;
      return [wrong === 'counter before the commit' ? 'commit' : 'answer'];
    },
    answer: (world, own) => {
      world.answered.written = own.writes;
      return [
        may(own, 'begins again')
          ? wrong === 'epoch before the counter'
            ? 'again: epoch'
            : 'again: all never'
          : 'start',
      ];
    },
    // The group is rolled back, and so is what a writer that died had not committed: nobody is answered.
    fail: (world, own) => {
      own.mishaps += 1;
      world.cells.epoch += 1;
      return ['give up'];
    },
    die: (world, own) => {
      own.mishaps += 1;
      own.sequence = world.cells.counter + 1;
      world.cells.epoch += 1;
      return ['give up'];
    },
    'give up': (world, own) => {
      world.cells.counter = own.sequence;
      return ['start'];
    },
    'again: all never': (world, own) => {
      own.mishaps += 1;
      world.cells.marks = { x: NEVER, y: NEVER };
      return ['again: counter'];
    },
    'again: counter': (world) => {
      world.cells.counter = 0;
      return [wrong === 'epoch before the counter' ? 'start' : 'again: epoch'];
    },
    'again: epoch': (world, own) => {
      own.mishaps = 1;
      world.cells.epoch += 1;
      return ['again: all zero'];
    },
    'again: all zero': (world, own) => {
      world.cells.marks = { x: 0, y: 0 };
      own.sequence = 0;
      return [wrong === 'epoch before the counter' ? 'again: counter' : 'start'];
    },
  };
}

export interface ReaderOptions {
  readonly wrong?: 'counter after the rows' | 'counter inside the transaction' | 'no last look' | 'epoch first';
}

/** It takes from what it keeps what has not changed, reads the rest in one transaction, and looks again at what it took. */
export function readerOf({ wrong }: ReaderOptions = {}): Program<ReaderState> {
  const keep = (own: ReaderState, row: Row) => {
    own.kept[row] = { value: own.snapshot, ...own.moment };
  };
  const keepBoth = (world: World, own: ReaderState) => {
    keep(own, 'x');
    keep(own, 'y');
    return next(world, own, 'answer');
  };
  const looks = (row: Row, name: string, isGood: string, isOld: string): Program<ReaderState> => {
    const mark = ({ cells }: World, { kept }: ReaderState) =>
      kept[row] !== undefined && cells.marks[row] <= kept[row].counter;
    const epoch = ({ cells }: World, { kept }: ReaderState) => cells.epoch === kept[row]?.epoch;
    const [first, last] = wrong === 'epoch first' ? [epoch, mark] : [mark, epoch];
    return {
      [`${name} ${row}`]: (world, own) => [first(world, own) ? `${name} ${row} again` : isOld],
      [`${name} ${row} again`]: (world, own) => next(world, own, last(world, own) ? isGood : isOld),
    };
  };
  const begins = (name: string, read: string): Program<ReaderState> => ({
    [`${name}: epoch`]: ({ cells }, own) => {
      own.moment = { ...own.moment, epoch: cells.epoch };
      return [wrong === undefined || wrong === 'no last look' || wrong === 'epoch first' ? `${name}: counter` : read];
    },
    [`${name}: counter`]: ({ cells }, own) => {
      own.moment = { ...own.moment, counter: cells.counter };
      return [read];
    },
  });
  return {
    start: (world, own) => {
      if (own.readings >= MAX_READINGS) {
        return [];
      }
      own.readings += 1;
      own.mustSee = { ...world.answered };
      return ['look x'];
    },
    ...looks('x', 'look', 'look y', 'all: epoch'),
    ...looks('y', 'look', 'answer', 'y: epoch'),
    ...begins('y', 'read y'),
    'read y': (world, own) => {
      own.snapshot = world.store;
      keep(own, 'y');
      return next(world, own, wrong === 'no last look' ? 'answer' : 'last x');
    },
    ...looks('x', 'last', 'answer', 'all: epoch'),
    ...begins('all', 'read'),
    read: (world, own) => {
      own.snapshot = world.store;
      if (wrong === 'counter after the rows' || wrong === 'counter inside the transaction') {
        return ['count late'];
      }
      return keepBoth(world, own);
    },
    'count late': (world, own) => {
      own.moment = { ...own.moment, counter: world.cells.counter };
      return keepBoth(world, own);
    },
  };
}

/** Answering is not a step of its own: a read that begins after the answer must see what this one looked at last. */
function next(world: World, own: ReaderState, step: string): readonly string[] {
  return step === 'answer' ? answerWith(world, own, own.kept.x?.value ?? 0, own.kept.y?.value ?? 0) : [step];
}
