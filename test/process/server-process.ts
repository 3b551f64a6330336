/** A real server in a process of its own. `await using` makes sure that it ends with its scope, however that ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoRecord } from '../../src/server/demo.ts';
import { temporaryDirectory } from '../support.ts';
import { eventually, type Running, startProgram } from './program.ts';

export interface ServeOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
  /** Of Node itself. */
  readonly nodeArgs?: readonly string[];
}

/** What is tested is not how long a password takes. */
export const CHEAP_PASSWORDS = ['--argon2-memory-kib', '8', '--argon2-passes', '1'] as const;
export const FREE_PORTS = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'] as const;

const READY = /^symbolon ready: gRPC on (\S+), HTTP on (\S+), data in (.+)$/m;

/** A data directory that is removed at the end of its scope. */
export function dataDirectory(): Disposable & { readonly path: string; readonly root: string } {
  const { path, remove } = temporaryDirectory();
  return { path: join(path, 'data'), root: path, [Symbol.dispose]: remove };
}

export class ServerProcess implements AsyncDisposable {
  readonly running: Running;
  readonly dataDir: string;
  readonly grpcAddress: string;
  readonly httpAddress: string;

  private constructor(running: Running, dataDir: string, [, grpc = '', http = '']: RegExpExecArray) {
    this.running = running;
    this.dataDir = dataDir;
    this.grpcAddress = grpc;
    this.httpAddress = http;
  }

  /** Resolves when the server is ready. Addresses, logins and logs are set for tests; later arguments override them. */
  static async start({ dataDir, args = [], env = {}, ...program }: ServeOptions): Promise<ServerProcess> {
    const all = ['serve', '--data-dir', dataDir, ...FREE_PORTS, ...CHEAP_PASSWORDS, '--log-level', 'warn', ...args];
    const running = startProgram(all, { env, ...program });
    try {
      const ready = await eventually('symbolon ready', () => {
        if (running.hasEnded) {
          throw new Error(`the server ended before it was ready: ${running.stderr}`);
        }
        return READY.exec(running.stdout) ?? undefined;
      });
      return new ServerProcess(running, dataDir, ready);
    } catch (error) {
      await running.end('SIGKILL');
      throw error;
    }
  }

  /** With a demo tenant. */
  static startDemo({ args = [], ...options }: ServeOptions): Promise<ServerProcess> {
    return ServerProcess.start({ ...options, args: ['--demo', ...args] });
  }

  get pid(): number {
    return this.running.pid;
  }

  get demo(): DemoRecord {
    return readDemo(this.dataDir);
  }

  async kill(): Promise<void> {
    await this.running.end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

export function readDemo(dataDir: string): DemoRecord {
  return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoRecord;
}
