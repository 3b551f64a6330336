/** One machine of the cluster: etcd, and Patroni with its PostgreSQL, in a network namespace. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, closeSync, mkdirSync, openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type Plan, setCable, spawnIn } from './namespaces.ts';
import { withoutPostgres } from './psql.ts';
import { environmentOf, fill, type Values } from './templates.ts';
import { serverUser, type Tools } from './tools.ts';
import { waitUntil } from './waiting.ts';

const REST_PORT = 8008;
const ETCD_PORT = 2379;
const PROBE_MS = 2_000;
const DEATH_MS = 20_000;
/**
 * Shared memory of its own, as on a machine of its own: none is left behind by a PostgreSQL that was killed, and none is found by
 * the next.
 */
const OWN_MEMORY = ['unshare', '--ipc', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /dev/shm && exec "$@"', 'sh'];

/** Nobody needs to know it later, and no two clusters share one. */
export function newPassword(): string {
  return randomBytes(24).toString('hex');
}

/** What is the same on all nodes. */
export function clusterValues(plan: Plan, superuserPassword: string): Values {
  const addresses = plan.nodes.map((node) => [node, addressOf(plan, node)] as const);
  return {
    CLUSTER_NAME: 'symbolon',
    CLUSTER_NETWORK: `${plan.prefix}.0/24`,
    ETCD_HOSTS: addresses.map(([, address]) => `${address}:${ETCD_PORT}`).join(','),
    ETCD_INITIAL_CLUSTER: addresses.map(([node, address]) => `${node}=http://${address}:2380`).join(','),
    SUPERUSER_PASSWORD: superuserPassword,
    REPLICATION_PASSWORD: newPassword(),
    REWIND_PASSWORD: newPassword(),
    RESTAPI_PASSWORD: newPassword(),
    // A real one would restart the machine of the tests.
    WATCHDOG_MODE: 'off',
  };
}

export class ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly logs: readonly string[];
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly #directory: string;
  readonly #values: Values;
  readonly #etcdLog: string;
  readonly #patroniLog: string;
  #patroni: ChildProcess | undefined;

  constructor(name: string, plan: Plan, tools: Tools, directory: string, clusterValues: Values) {
    this.name = name;
    this.address = addressOf(plan, name);
    this.#plan = plan;
    this.#tools = tools;
    this.#directory = join(directory, name);
    this.#etcdLog = join(directory, `${name}-etcd.log`);
    this.#patroniLog = join(directory, `${name}-patroni.log`);
    this.logs = [this.#patroniLog, this.#etcdLog];
    this.#values = {
      ...clusterValues,
      NODE_NAME: name,
      NODE_ADDRESS: this.address,
      ETCD_DATA_DIR: join(this.#directory, 'etcd'),
      POSTGRES_DATA_DIR: this.#dataDirectory,
      POSTGRES_BIN_DIR: tools.postgresBin,
      STATE_DIR: this.#directory,
      SOCKET_DIR: this.#directory,
    };
  }

  get #dataDirectory(): string {
    return join(this.#directory, 'postgres');
  }

  get #config(): string {
    return join(this.#directory, 'patroni.yml');
  }

  startEtcd(): void {
    this.#makeDirectory();
    const env = { ...withoutPostgres(process.env), ...environmentOf(fill('etcd.env', this.#values)) };
    this.#spawn(this.#tools.etcd, this.#etcdLog, env);
  }

  #makeDirectory(): void {
    const { uid, gid } = serverUser();
    mkdirSync(this.#directory, { mode: 0o700 });
    writeFileSync(this.#config, fill('patroni.yml', this.#values), { mode: 0o600 });
    for (const path of [this.#directory, this.#config]) {
      chownSync(path, uid, gid);
    }
  }

  startPatroni(): void {
    if (this.isPatroniAlive) {
      throw new Error(`Patroni of ${this.name} runs already`);
    }
    const env = { ...withoutPostgres(process.env), HOME: this.#directory };
    this.#patroni = this.#spawn([...OWN_MEMORY, ...this.#tools.patroni, this.#config], this.#patroniLog, env);
  }

  #spawn(command: readonly string[], log: string, env: NodeJS.ProcessEnv): ChildProcess {
    const output = openSync(log, 'a');
    const options: SpawnOptions = {
      cwd: this.#directory,
      env,
      stdio: ['ignore', output, output],
      // A process group of its own: a Ctrl-C of the tester ends the tests, and they end this.
      detached: true,
    };
    const child = spawnIn(this.#plan, this.name, command, options);
    closeSync(output);
    child.unref();
    return child;
  }

  get isPatroniAlive(): boolean {
    return this.#patroni !== undefined && this.#patroni.exitCode === null && this.#patroni.signalCode === null;
  }

  /** PostgreSQL is not told and goes on. */
  async killPatroni(): Promise<void> {
    if (this.#patroni !== undefined && this.isPatroniAlive) {
      const ended = once(this.#patroni, 'exit');
      this.#patroni.ref();
      this.#patroni.kill('SIGKILL');
      await ended;
    }
  }

  /** As if the power failed, but for etcd. */
  async killAll(): Promise<void> {
    if (this.#patroni?.pid !== undefined && this.isPatroniAlive) {
      // With its group: it may be copying or rewinding the data.
      signal(-this.#patroni.pid);
    }
    this.#killPostgres();
    await this.killPatroni();
    await this.killPostgres();
  }

  /** Ends a PostgreSQL that nobody looks after any more. */
  async killPostgres(): Promise<void> {
    await waitUntil({ what: `the death of PostgreSQL on ${this.name}`, timeoutMs: DEATH_MS, logs: this.logs }, () => {
      this.#killPostgres();
      return this.postgresPids().length === 0;
    });
  }

  #killPostgres(): void {
    for (const pid of this.postgresPids()) {
      signal(pid);
    }
  }

  /** Each process that works in the data directory is of PostgreSQL, and all of PostgreSQL work there. */
  postgresPids(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && workingDirectory(pid) === this.#dataDirectory);
  }

  setCable(state: 'up' | 'down'): void {
    setCable(this.#plan, this.name, state);
  }

  async isEtcdHealthy(): Promise<boolean> {
    const { health } = (await (await this.#get(ETCD_PORT, '/health')).json()) as { readonly health?: string };
    return health === 'true';
  }

  /** Whether Patroni says 200 to it; one that can't be reached doesn't. */
  async answers(path: '/primary' | '/replica'): Promise<boolean> {
    try {
      const response = await this.#get(REST_PORT, path);
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  async readCluster(): Promise<unknown> {
    return (await this.#get(REST_PORT, '/cluster')).json();
  }

  #get(port: number, path: string): Promise<Response> {
    return fetch(`http://${this.address}:${port}${path}`, { signal: AbortSignal.timeout(PROBE_MS) });
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
