/** Starting what is measured: each server and the load in a process of its own, on the processors that the claim names. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoRecord } from '../src/server/demo.ts';
import { childrenOf } from './cpu.ts';
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { load } from './load.ts';

export interface Started {
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export const ONE_WORKER = ['--workers', '1'];
export const TWO_WORKERS = ['--workers', '2'];

/** `taskset` where there is one; a benchmark on one core means nothing without it. */
const TASKSET = hasTaskset();

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command on one processor, or on any. */
export function onCpu(cpu: number | undefined, command: string, args: readonly string[]): [string, string[]] {
  return cpu !== undefined && TASKSET ? ['taskset', ['-c', String(cpu), command, ...args]] : [command, [...args]];
}

/** Puts a process that runs, its children, and those to come on these processors. */
export function pin(pid: number, cpus: number | string): void {
  for (const each of TASKSET ? [pid, ...childrenOf(pid)] : []) {
    try {
      execFileSync('taskset', ['-pc', String(cpus), String(each)], { stdio: 'ignore' });
    } catch (error) {
      // A child may have ended by itself.
      if (each === pid) {
        throw error;
      }
    }
  }
}

export async function startNoOp(cpu?: number): Promise<Started> {
  const child = launch(cpu, ['bench/no-op-server.ts']);
  const line = await lineOf(child, 'ready ');
  return { address: line.slice('ready '.length), pid: child.pid ?? 0, stop: () => stop(child) };
}

export interface Symbolon extends Started {
  readonly demo: DemoRecord;
  /** From the start of the process to `symbolon ready`. */
  readonly startMs: number;
}

/** The real server with its demo tenant, on a store of its own: SQLite's, or the one of that address. */
export async function startSymbolon(
  cpu?: number,
  store = 'sqlite',
  args: readonly string[] = [],
): Promise<Symbolon & { readonly dataDir: string }> {
  const dataDir = newDataDir();
  const server = await startSymbolonIn(dataDir, cpu, store, args);
  const stopAndRemove = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, dataDir, stop: stopAndRemove };
}

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'symbolon-bench-'));
}

/** The same on what is in that directory, which stays when it stops. */
export async function startSymbolonIn(
  dataDir: string,
  cpu?: number,
  store = 'sqlite',
  args: readonly string[] = [],
): Promise<Symbolon> {
  const ports = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  const begin = performance.now();
  const child = launch(cpu, [
    // As `npm start` and the program's first line have it.
    '--max-semi-space-size=8',
    'bin/symbolon.js',
    'serve',
    '--demo',
    '--log-level',
    'warn',
    '--metrics-address',
    '127.0.0.1:0',
    '--data-dir',
    dataDir,
    '--store',
    store,
    ...ports,
    ...args,
  ]);
  await lineOf(child, 'symbolon ready');
  const startMs = performance.now() - begin;
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoRecord;
  return { address: demo.grpc, pid: child.pid ?? 0, demo, startMs, stop: () => stop(child) };
}

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) {
    child.kill();
  }
});

function launch(cpu: number | undefined, args: string[]): ChildProcess {
  const [command, rest] = onCpu(cpu, process.execPath, args);
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export function lineOf(child: ChildProcess, start: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`a server ended with ${code} before it was ready`)));
    if (child.stdout !== null) {
      createInterface(child.stdout).on('line', (line) => line.startsWith(start) && resolve(line));
    }
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** Runs the load on one processor, or on any. */
export function runLoad(plan: LoadPlan, cpu?: number): Promise<LoadResult> {
  return load(plan, (command) => onCpu(cpu, command, []));
}

export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const pinned = TASKSET ? 'pinned by taskset' : 'NOT pinned: there is no taskset here, so one core is not one core';
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${gib} GiB, Node ${process.versions.node}; ${pinned}`;
}

/** What is in memory of a process, MiB. */
export function rssMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** The value that this share of all is at most. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}
