/** Runs of a model: Spin writes the checker in C, a compiler builds it, and it walks every state. */
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../support.ts';

/** A compiler and up to 14 million states, on a machine that does much else. */
export const MAX_DURATION_MS = 900_000;
/** Nobody may skip these tests there. */
const IS_CI = process.env.SYMBOLON_CI === '1';

export interface Run {
  readonly name: string;
  /** A file of this folder, without its ending. */
  readonly model: 'watch' | 'open' | 'members' | 'exact';
  /** What the model is made with, as `B=2`. */
  readonly defines: readonly string[];
  /** `widths`: by the length of the story, so that the first one found is the shortest. `bits`: by hashes, so that states may be missed. */
  readonly search?: 'depths' | 'widths' | 'bits';
  /** Of the checker; 2,000 MiB unless told. */
  readonly maxMemoryMib?: number;
  /** A search that is too large to end is ended after this. */
  readonly maxMinutes?: number;
}

export interface Outcome {
  /** The assertion that failed, as the checker prints it. */
  readonly violated: string | undefined;
  /** Of the story that breaks it. */
  readonly steps: number | undefined;
  /** Whether every state was looked at, and there was no error. */
  readonly complete: boolean;
  readonly states: number;
  /** All that the checker said. */
  readonly said: string;
}

const SEARCHES = {
  depths: ['-DCOLLAPSE'],
  widths: ['-DCOLLAPSE', '-DBFS'],
  bits: ['-DBITSTATE'],
} as const;
const MAX_DEPTH = 300_000;
/** 16 million places, which more states share. */
const TABLE_BITS = 24;
/** 4 thousand million bits. */
const BITSTATE_BITS = 32;
const MAX_SAID = 16 * 1_024 * 1_024;

const execute = promisify(execFile);

/** What is missing here to run a model. In CI nothing may be missing. */
export function whyNoSpin(): string | undefined {
  const missing = ['spin', 'gcc'].find(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  return missing === undefined || IS_CI ? undefined : `there is no ${missing}; Debian has the packages spin and gcc`;
}

/** Fails where a tool fails. A model that is wrong is an outcome. */
export async function check(run: Run): Promise<Outcome> {
  const { path: cwd, remove } = temporaryDirectory();
  try {
    copyFileSync(join(import.meta.dirname, `${run.model}.pml`), join(cwd, 'model.pml'));
    await execute('spin', ['-a', ...run.defines.map((define) => `-D${define}`), 'model.pml'], { cwd });
    const limits = [`-DMEMLIM=${run.maxMemoryMib ?? 2_000}`, '-DVECTORSZ=2048'];
    const search = SEARCHES[run.search ?? 'depths'];
    await execute('gcc', ['-O1', '-w', '-DSAFETY', '-DNOREDUCE', ...search, ...limits, '-o', 'pan', 'pan.c'], { cwd });
    return outcomeOf(await walk(run, cwd));
  } finally {
    remove();
  }
}

async function walk({ search, maxMinutes }: Run, cwd: string): Promise<string> {
  const bits = search === 'bits' ? BITSTATE_BITS : TABLE_BITS;
  const alarm = maxMinutes === undefined ? [] : [`-Q${maxMinutes}`];
  try {
    const options = { cwd, maxBuffer: MAX_SAID };
    return (await execute('./pan', ['-n', `-m${MAX_DEPTH}`, `-w${bits}`, ...alarm], options)).stdout;
  } catch (error) {
    // It ends with 1 where it found something.
    const { stdout } = error as { stdout?: string };
    if (stdout?.includes('errors:')) {
      return stdout;
    }
    throw error;
  }
}

function outcomeOf(said: string): Outcome {
  const [, violated, steps] = /assertion violated (.*) \(at depth (\d+)\)/.exec(said) ?? [];
  const states = /(\d+) states, stored/.exec(said)?.[1];
  const errors = /errors: (\d+)/.exec(said)?.[1];
  if (states === undefined || errors === undefined) {
    throw new Error(`the checker did not end as it should:\n${said}`);
  }
  const isCut = /not completed|search depth too small|out of memory|bitstate/i.test(said);
  return {
    violated: violated?.trim(),
    steps: steps === undefined ? undefined : Number(steps),
    complete: errors === '0' && !isCut,
    states: Number(states),
    said,
  };
}
