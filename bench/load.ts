/** The load: a program in Go (`load/`), which is built where it is used and told its plan over its standard input. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load/plan.ts';

const SOURCE = fileURLToPath(new URL('load', import.meta.url));

/** What is started as `command` with `args`, such as on one processor. */
export type Starting = (command: string) => [command: string, args: string[]];

let program: string | undefined;

export function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Builds it once a process, and answers where it is. Throws where there is no Go. */
export function buildLoad(): string {
  if (program === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'symbolon-load-'));
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    const path = join(directory, 'load');
    build(path);
    program = path;
  }
  return program;
}

function build(path: string): void {
  try {
    execFileSync('go', ['build', '-o', path, '.'], { cwd: SOURCE, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(
        'The load is a program in Go, and there is no `go` here. Install Go, such as golang-go of Debian',
      );
    }
    throw error;
  }
}

/** Carries out the plan. */
export async function load(plan: LoadPlan, starting: Starting = (command) => [command, []]): Promise<LoadResult> {
  const [command, args] = starting(buildLoad());
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(plan));
  const result = await text(child.stdout);
  const [code] = await ended;
  if (code !== 0) {
    throw new Error(`the load of ${plan.path} ended with ${code}`);
  }
  const measured = JSON.parse(result) as LoadResult;
  return { ...measured, callsPerSecond: Math.round(measured.callsPerSecond) };
}
