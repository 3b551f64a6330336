/** The real program as its users run it: a process of its own, that is sure to end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Where `npx`, `buf` and the right `node` are found by shell lines. */
export const TOOLS_PATH = `${ROOT}node_modules/.bin:${process.env.PATH}`;
/** Halves the time that a process takes to start; the tests start about a hundred. */
const COMPILE_CACHE = `${ROOT}node_modules/.cache/symbolon-tests`;
/** However busy the machine is, a program that takes longer hangs. */
const MAX_RUN_MS = 45_000;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Ended extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to the environment, which is otherwise the tester's without its SYMBOLON_ variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Another than the checkout's. */
  readonly program?: string;
  readonly input?: string | Uint8Array;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
});

/** A process that was started, with all that it has printed so far. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  stdout = '';
  stderr = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input?: string | Uint8Array) {
    this.child = spawn(command, args, { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'pipe'] });
    children.add(this.child);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // A program that ends without reading its input is no failure of the test.
    this.child.stdin?.on('error', () => undefined).end(input);
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      children.delete(this.child);
      return { code, signal } as Ending;
    });
  }

  get pid(): number {
    return this.child.pid ?? Number.NaN;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** With how many workers servers run, where a test does not say: `SYMBOLON_TEST_WORKERS=2 vitest run test/process`. One starts sooner. */
const { SYMBOLON_TEST_WORKERS: WORKERS = '1' } = process.env;

export function environment(added: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SYMBOLON_'));
  return {
    ...Object.fromEntries(inherited),
    PATH: TOOLS_PATH,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    // Servers side by side would all want the one port that metrics are served on.
    SYMBOLON_METRICS_ADDRESS: 'off',
    SYMBOLON_WORKERS: WORKERS,
    ...added,
  };
}

/** Starts `symbolon` with these arguments, on the Node that runs the tests. */
export function startProgram(args: readonly string[], options: RunOptions = {}): Running {
  const { env, nodeArgs = [], program = 'bin/symbolon.js', input } = options;
  return new Running(process.execPath, [...nodeArgs, program, ...args], environment(env), input);
}

/**
 * Runs `symbolon` to its end. On PostgreSQL a machine that stands still for a second costs the lease, and a command that says so has begun
 * nothing: it is run again.
 */
export async function runProgram(args: readonly string[], options?: RunOptions): Promise<Ended> {
  const giveUp = Date.now() + MAX_RUN_MS;
  for (;;) {
    const ended = await toTheEnd(startProgram(args, options));
    if (!isWithoutLease(ended.stderr) || ended.code === 0 || Date.now() > giveUp) {
      return ended;
    }
  }
}

/** Asks again as long as the node has lost its lease. */
export async function untilLeased<T>(ask: () => Promise<T>): Promise<T> {
  const giveUp = Date.now() + MAX_RUN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isWithoutLease(String(error)) || Date.now() > giveUp) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What is said to who asks a node that has lost its lease. Nothing was begun. */
export function isWithoutLease(text: string): boolean {
  return text.includes('primary is not known to be the primary now');
}

/** Starts a line in a shell in the checkout. */
export function startShell(line: string): Running {
  return new Running('sh', ['-c', line], environment());
}

/** Runs a line as a person pastes it. */
export function runShell(line: string): Promise<Ended> {
  return toTheEnd(startShell(line));
}

async function toTheEnd(running: Running): Promise<Ended> {
  const timer = setTimeout(() => running.child.kill('SIGKILL'), MAX_RUN_MS);
  const ending = await running.ended;
  clearTimeout(timer);
  return { ...ending, stdout: running.stdout, stderr: running.stderr };
}

/** Waits until a condition holds; fails with what was waited for. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const giveUp = Date.now() + MAX_RUN_MS;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) {
      return value;
    }
    if (Date.now() > giveUp) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
