/** A store of one side with a tenant and a client, and the server on it. Only what both commits have in common is used. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf, onCpu, type Started, stop } from '../processes.ts';
import type { ClientSecret } from '../tokens.ts';
import { atEnd } from './at-end.ts';
import type { Side } from './sides.ts';

export const SERVER_CPU = 0;
/** Of the load, and of PostgreSQL. */
export const OTHERS_CPU = 1;

const TENANT = 'bench';
const READY = 'symbolon ready: gRPC on ';
const FREE_PORTS = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
/** The servers don't take the settings of the shell that runs the benchmark. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SYMBOLON_')));

export class SideStore {
  readonly #side: Side;
  readonly #store: string | undefined;
  readonly #dataDir: string;
  readonly client: ClientSecret;
  readonly #removeFiles: () => void;
  readonly #removeDatabase: () => Promise<void>;

  /** `store`: as `--store` takes it; SQLite when it is left out, as before there was a choice. */
  constructor(side: Side, store?: string, removeDatabase: () => Promise<void> = () => Promise.resolve()) {
    this.#side = side;
    this.#store = store;
    this.#dataDir = mkdtempSync(join(tmpdir(), 'symbolon-bench-'));
    this.#removeDatabase = removeDatabase;
    this.#removeFiles = atEnd(() => rmSync(this.#dataDir, { recursive: true, force: true }));
    this.#run('init');
    this.#run('tenant', 'create', TENANT, '--refresh', 'on', '--default-token-lifetime', '1h');
    const client = this.#run('client', 'create', '--tenant', TENANT, '--role', 'introspect', '--scope', 'read');
    this.client = JSON.parse(client) as ClientSecret;
  }

  #run(...args: string[]): string {
    const all = ['bin/symbolon.js', ...args, '--json', ...this.#where()];
    return execFileSync(this.#side.node, all, { cwd: this.#side.root, env: ENVIRONMENT, encoding: 'utf8' });
  }

  #where(): string[] {
    return ['--data-dir', this.#dataDir, ...(this.#store === undefined ? [] : ['--store', this.#store])];
  }

  async remove(): Promise<void> {
    this.#removeFiles();
    await this.#removeDatabase();
  }

  async serve(): Promise<Started> {
    const args = ['bin/symbolon.js', 'serve', '--log-level', 'warn', ...FREE_PORTS, ...this.#where()];
    const [command, rest] = onCpu(SERVER_CPU, this.#side.node, args);
    const { root: cwd } = this.#side;
    const child = spawn(command, rest, { cwd, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
    const kill = atEnd(() => child.kill('SIGKILL'));
    const line = await lineOf(child, READY);
    return {
      address: line.slice(READY.length).split(',')[0] ?? '',
      pid: child.pid ?? 0,
      stop: async () => {
        await stop(child);
        kill();
      },
    };
  }

  /** Of SQLite's files, whatever they are called; its log among them, which a server that ends writes back and removes. */
  get bytes(): number {
    const files = readdirSync(this.#dataDir).filter((name) => /\.db(-wal)?$/.test(name));
    return files.reduce((sum, name) => sum + statSync(join(this.#dataDir, name)).size, 0);
  }
}
