/** A real PgBouncer for tests, where one is installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './postgres.ts';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync) ?? 'pgbouncer';
/** Debian's package has it. In CI a test without it fails. */
export const HAS_PGBOUNCER = existsSync(PROGRAM) || process.env.SYMBOLON_CI === '1';

/** It refuses to run as root, as PostgreSQL does. */
const NOBODY = 65_534;
const AS_NOBODY = userInfo().uid === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Before one database server. `await using` makes sure that it ends with its scope. */
export class PgBouncer implements AsyncDisposable {
  readonly port: number;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(port: number, directory: string, child: ChildProcess) {
    this.port = port;
    this.#directory = directory;
    this.#process = child;
  }

  /** `settings`: lines of pgbouncer.ini. Resolves when it leads to `url`. */
  static async start(serverPort: number, settings: readonly string[]): Promise<PgBouncer> {
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), 'symbolon-pgbouncer-'));
    const file = join(directory, 'pgbouncer.ini');
    const lines = [
      '[databases]',
      `* = host=127.0.0.1 port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      ...settings,
    ];
    // With this, any client is this user of PostgreSQL.
    lines[1] += ' user=postgres';
    writeFileSync(file, `${lines.join('\n')}\n`);
    if (AS_NOBODY.uid !== undefined) {
      chownSync(directory, NOBODY, NOBODY);
      chownSync(file, NOBODY, NOBODY);
    }
    const child = spawn(PROGRAM, ['-q', file], { ...AS_NOBODY, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr?.on('data', (text: Buffer) => {
      log += text.toString();
    });
    const pooler = new PgBouncer(port, directory, child);
    for (;;) {
      if (child.exitCode !== null) {
        throw new Error(`pgbouncer ended before it was ready:\n${log}`);
      }
      if (await pooler.#answers()) {
        return pooler;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  urlOf(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.kill('SIGKILL')) {
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
