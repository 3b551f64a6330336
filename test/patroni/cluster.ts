/**
 * Three machines with etcd, Patroni and PostgreSQL, each in a network namespace, and HAProxy in front, on the files of
 * deploy/patroni/. Its faults are those of real machines: killed processes and pulled cables.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeNetwork, namespaceOf, namespacesOf, ownAddress, planNetwork, spawnIn } from './namespaces.ts';
import { ClusterNode, clusterValues, newPassword } from './node.ts';
import { PRIMARY_PORT, REPLICA_PORT, startProxy } from './proxy.ts';
import { psql } from './psql.ts';
import { findTools, type Tools } from './tools.ts';
import { waitUntil } from './waiting.ts';

const NAMES = ['node1', 'node2', 'node3'] as const;
const REAPER = fileURLToPath(new URL('reap.sh', import.meta.url));

const START_MS = 90_000;
/** Patroni's shortest time to live is 20 s, then comes the promotion. */
const FAILOVER_MS = 60_000;
/** A node that comes back may have to rewind or to copy everything. */
const HEALTHY_MS = 90_000;

/** As Patroni tells of it. */
export interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
  readonly lag?: number | string;
}

export class PatroniCluster implements AsyncDisposable {
  readonly nodes: readonly string[] = NAMES;
  readonly #tools: Tools;
  readonly #plan = planNetwork(NAMES);
  readonly #directory = mkdtempSync(join(tmpdir(), 'symbolon-patroni-'));
  readonly #passwords = { symbolon: newPassword(), superuser: newPassword() };
  readonly #machines: readonly ClusterNode[];
  readonly #reaper: ChildProcess;
  readonly #proxyLog = join(this.#directory, 'haproxy.log');

  /** A sentence that names what a cluster needs and this machine has not. */
  static missing(): string | undefined {
    const tools = findTools();
    return typeof tools === 'string' ? tools : undefined;
  }

  /** Resolves when there are a leader, a synchronous standby and a replica, all streaming, and the role and database `symbolon`. */
  static async start(): Promise<PatroniCluster> {
    const tools = findTools();
    if (typeof tools === 'string') {
      throw new Error(tools);
    }
    const cluster = new PatroniCluster(tools);
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(tools: Tools) {
    this.#tools = tools;
    const values = clusterValues(this.#plan, this.#passwords.superuser);
    this.#machines = NAMES.map((name) => new ClusterNode(name, this.#plan, tools, this.#directory, values));
    // Before there is anything to clean up. It also does so when this process dies in whatever way, for its input closes then.
    const args = [REAPER, this.#directory, this.#plan.link, ...namespacesOf(this.#plan)];
    this.#reaper = spawn('sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#reaper.unref();
  }

  async #start(): Promise<void> {
    // For the user of PostgreSQL, who passes through; each node's directory is closed to others.
    chmodSync(this.#directory, 0o711);
    makeNetwork(this.#plan);
    for (const machine of this.#machines) {
      machine.startEtcd();
    }
    // A Patroni that finds no etcd waits for longer than etcd takes to start.
    await this.#wait('etcd', START_MS, () => this.#isEtcdHealthy());
    for (const machine of this.#machines) {
      machine.startPatroni();
    }
    startProxy(this.#tools, this.#plan, this.#directory, this.#proxyLog);
    await this.#wait('a leader and two standbys', START_MS, () => this.#isReplicating());
    await this.#createDatabase(await this.leader());
    await this.waitUntilHealthy();
  }

  async #createDatabase(leader: string): Promise<void> {
    const url = `postgres://postgres:${this.#passwords.superuser}@${this.#machine(leader).address}:5432/postgres`;
    const role = `CREATE ROLE symbolon LOGIN PASSWORD '${this.#passwords.symbolon}';`;
    await psql(url, `${role}\nCREATE DATABASE symbolon OWNER symbolon;\n`, START_MS);
  }

  /** Through HAProxy, as Symbolon connects. */
  get primaryUrl(): string {
    return this.#url(ownAddress(this.#plan), PRIMARY_PORT);
  }

  get replicaUrl(): string {
    return this.#url(ownAddress(this.#plan), REPLICA_PORT);
  }

  /** Past HAProxy, as nobody should connect. */
  directUrl(node: string): string {
    return this.#url(this.#machine(node).address, 5432);
  }

  #url(host: string, port: number): string {
    return `postgres://symbolon:${this.#passwords.symbolon}@${host}:${port}/symbolon`;
  }

  /** The log files of all programs, for messages of failures. */
  get logs(): readonly string[] {
    return [...this.#machines.flatMap((machine) => machine.logs), this.#proxyLog];
  }

  namespaceOf(node: string): string {
    return namespaceOf(this.#plan, node);
  }

  #machine(node: string): ClusterNode {
    const machine = this.#machines.find(({ name }) => name === node);
    if (machine === undefined) {
      throw new Error(`there is no node ${node}, only ${NAMES.join(', ')}`);
    }
    return machine;
  }

  /** The node that holds the leader's key and can be reached; fails where there is none. */
  async leader(): Promise<string> {
    const leader = await this.#findLeader();
    if (leader === undefined) {
      throw new Error('there is no leader');
    }
    return leader;
  }

  async #findLeader(): Promise<string | undefined> {
    const answers = await Promise.all(this.#machines.map((machine) => machine.answers('/primary')));
    return NAMES[answers.indexOf(true)];
  }

  /** What the first node that answers knows of all. */
  async members(): Promise<readonly Member[]> {
    const answer = await Promise.any(this.#machines.map((machine) => machine.readCluster()));
    return (answer as { readonly members: readonly Member[] }).members;
  }

  /** With a name: until another than that one leads. Answers who does. */
  waitForLeader(otherThan?: string): Promise<string> {
    const what = otherThan === undefined ? 'a leader' : `a leader other than ${otherThan}`;
    return this.#wait(what, FAILOVER_MS, async () => {
      const leader = await this.#findLeader();
      return leader !== otherThan && leader;
    });
  }

  /** Until all three stream on one timeline, one of them synchronously, and HAProxy leads to the right ones. */
  async waitUntilHealthy(): Promise<void> {
    await this.#wait('three healthy members', HEALTHY_MS, async () => {
      const healthy = (await this.#isEtcdHealthy()) && (await this.#isReplicating());
      return healthy && (await isInRecovery(this.replicaUrl)) && !(await isInRecovery(this.primaryUrl));
    });
  }

  async #isEtcdHealthy(): Promise<boolean> {
    return (await Promise.all(this.#machines.map((machine) => machine.isEtcdHealthy()))).every(Boolean);
  }

  async #isReplicating(): Promise<boolean> {
    const members = await this.members();
    const told = members.map(({ role, state }) => `${role} ${state}`).sort();
    const timelines = new Set(members.map(({ timeline }) => timeline));
    const standbys = await Promise.all(this.#machines.map((machine) => machine.answers('/replica')));
    return (
      told.join() === 'leader running,replica streaming,sync_standby streaming' &&
      timelines.size === 1 &&
      standbys.filter(Boolean).length === 2 &&
      (await this.#findLeader()) !== undefined
    );
  }

  #wait<T>(what: string, timeoutMs: number, probe: () => Promise<T | undefined | false>): Promise<T> {
    return waitUntil({ what, timeoutMs, logs: this.logs }, probe);
  }

  /** SIGKILL to Patroni and to all of PostgreSQL; etcd stays. */
  async killNode(node: string): Promise<void> {
    await this.#machine(node).killAll();
  }

  /** SIGKILL to Patroni; PostgreSQL lives on, and nobody tells it when it is no leader any more. */
  async killPatroniOnly(node: string): Promise<void> {
    await this.#machine(node).killPatroni();
  }

  /** Starts Patroni of a killed node again, without what is left of its PostgreSQL. */
  async restartNode(node: string): Promise<void> {
    await this.#machine(node).killPostgres();
    this.#machine(node).startPatroni();
  }

  /** Pulls the node's cable. */
  isolate(node: string): void {
    this.#machine(node).setCable('down');
  }

  /** Puts the cable back. */
  heal(node: string): void {
    this.#machine(node).setCable('up');
  }

  /** Starts a command on that machine: it sees what the node sees. It ends with the cluster at the latest. */
  runIn(node: string, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawnIn(this.#plan, node, [command, ...args], options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#reaper.exitCode === null && this.#reaper.signalCode === null) {
      const ended = once(this.#reaper, 'exit');
      this.#reaper.ref();
      this.#reaper.stdin?.end();
      await ended;
    }
    if (this.#reaper.exitCode !== 0) {
      throw new Error(`something of the cluster ${this.#plan.link} is left behind`);
    }
  }
}

async function isInRecovery(url: string): Promise<boolean> {
  return (await psql(url, 'SELECT pg_is_in_recovery()')) === 't';
}
