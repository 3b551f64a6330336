/** Runs a load on a watched disk, takes the power away at many moments, and tells what was lost of what had been answered. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriter } from '../../src/store/sqlite/connection.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { Reader } from '../../src/store/sqlite/reader.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { type Ending, environment, Running } from '../process/program.ts';
import { type JournalRecord, markOf, readJournal } from './journal.ts';
import type { WatchedDisk } from './library.ts';
import type { LoadOptions } from './load.ts';
import { Disk, randomOf } from './replay.ts';
import { contradictions } from './stores.ts';

const FILE = 'symbolon.db';
/** Of so many images one is opened by the whole store, with its thread; the others by the same parts without. */
const WHOLE_EVERY = 20;
/** A run that fails says its seed; this repeats what it drew. */
export const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Starts `load.ts` under the disk's library. */
export function startLoad(disk: WatchedDisk, options: Partial<LoadOptions> = {}): Running {
  const all: LoadOptions = {
    path: join(disk.root, FILE),
    journal: disk.journal,
    answers: 1_000,
    leastMs: 0,
    ...options,
  };
  return new Running(process.execPath, ['test/faults/load.ts', JSON.stringify(all)], environment(disk.env));
}

/** Runs it until it has its answers. */
export async function load(disk: WatchedDisk, options: Partial<LoadOptions> = {}): Promise<Ending> {
  const running = startLoad(disk, options);
  const ending = await running.ended;
  if (ending.code !== 0 && ending.signal !== 'SIGKILL') {
    throw new Error(`the load ended with ${ending.code}: ${running.stderr}`);
  }
  return ending;
}

/** The keys of all that was marked so far. */
export function keysMarked(disk: WatchedDisk): string[] {
  const marks = readJournal(disk.journal).filter(({ kind }) => kind === 'mark');
  return [...new Set(marks.map((record) => markOf(record).key))];
}

export interface Losses {
  /** Images in which something that was answered is not so. */
  readonly lost: readonly string[];
  /** Images in which there was something to lose. */
  readonly judged: number;
}

/** Takes the power away `count` times, at moments between two records of the journal. */
export async function crash(
  disk: WatchedDisk,
  count: number,
  { from = 0, to = Number.POSITIVE_INFINITY } = {},
): Promise<Losses> {
  const records = readJournal(disk.journal);
  const last = Math.min(to, records.length);
  const random = randomOf(SEED);
  const moments = Array.from({ length: count }, () => from + Math.floor(random() * (last + 1 - from)));
  moments.sort((a, b) => a - b);
  const model = new Disk();
  const lost: string[] = [];
  let [done, judged] = [0, 0];
  for (const [i, moment] of moments.entries()) {
    for (; done < moment; done++) {
      model.apply(records[done] as JournalRecord);
    }
    using image = imageOf(model, random);
    const found = await judge(image.path, model.known, i % WHOLE_EVERY === 0);
    judged += model.known.size > 0 ? 1 : 0;
    if (found.length > 0) {
      lost.push(`after record ${moment} of ${records.length}: ${found.length} lost, ${found[0]}`);
    }
  }
  return { lost, judged };
}

/** In memory, where there is room for that: hundreds are made. */
function imageOf(model: Disk, random: () => number): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'symbolon-image-'));
  model.crash(path, random);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function judge(image: string, known: ReadonlyMap<string, string | null>, isWhole: boolean): Promise<string[]> {
  const path = join(image, FILE);
  try {
    return await (isWhole ? judgeStore(path, known) : judgeFile(path, known));
  } catch (error) {
    return [`it can't be opened: ${error}`];
  }
}

async function judgeStore(path: string, known: ReadonlyMap<string, string | null>): Promise<string[]> {
  const store = await SqliteStore.open({ path, clock: Date.now });
  try {
    return await contradictions(store, known);
  } finally {
    await store.close();
  }
}

async function judgeFile(path: string, known: ReadonlyMap<string, string | null>): Promise<string[]> {
  const writer = openWriter(path);
  try {
    migrate(writer, path);
    const reader = new Reader(path);
    try {
      return await contradictions(
        {
          readFamily: (tenantId, id) => reader.readFamily(tenantId, id),
          read: async (reads) => reader.read(reads, Date.now()),
        },
        known,
      );
    } finally {
      reader.close();
    }
  } finally {
    writer.close();
  }
}
