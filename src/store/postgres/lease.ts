/**
 * The read lease. A primary that was cut off, or whose Patroni died, goes on answering reads, for ever if nobody stops it. What it
 * can't do is have a commit acknowledged by its replica. So every node writes a heartbeat several times a second, and believes
 * what it reads only while one was acknowledged that was sent less than a lease ago: a standby that was promoted since would
 * not have acknowledged it.
 *
 * The other half of the promise: the first writes on a new timeline are acknowledged a lease after this node saw it. By then
 * no node holds a lease on the old primary, so nobody is told "active" after a Revoke was answered by the new one.
 */
import pg from 'pg';
import { NotReplicated, WARNING } from './batch.ts';
import type { Cluster } from './cluster.ts';
import { abandon, clientConfig, TimeLimit } from './connections.ts';
import { NoAnswer, ServerError } from './faults.ts';
import { BEAT, forgetNode } from './heartbeat-row.ts';
import { enterHistory } from './history.ts';
import type { PostgresOptions } from './options.ts';
import { SHARED } from './pooler.ts';
import { SentBeats } from './sent-beats.ts';
import { Trouble } from './trouble.ts';

export const LEASE_MS = 1_000;
const BEAT_INTERVAL_MS = 250;
const RECONNECT_MS = 100;
/** A beat that is stuck in replication stays stuck on the server; so as not to fill it with them, each one is waited for longer, up to so many leases. */
const MAX_WAITS = 4;
/** A timeline that no promotion led to. */
const FIRST_TIMELINE = 1;

export interface LeaseOptions {
  readonly nodeId: string;
  readonly onChange: () => void;
  /** Is given each new connection to the primary. */
  readonly onConnect: (client: pg.Client) => Promise<void>;
}

const now = () => performance.now();

export class Lease {
  readonly nodeId: string;
  readonly #options: PostgresOptions;
  readonly #cluster: Cluster;
  readonly #hooks: Pick<LeaseOptions, 'onChange' | 'onConnect'>;
  readonly #sent = new SentBeats();
  #timeline = 0;
  /** Writes on the timeline are answered from then on: no lease on an older one is left. Monotonic milliseconds; 0: there is no older one. */
  answersFrom = 0;
  #endTime = 0;
  #lastSentTime = now();
  #beat = 0;
  /** Whether the server warned that it did not wait for its replica. */
  #isDoubtful = false;
  readonly leaseMs: number;
  #waitMs: number;
  #wasHeld = false;
  #losses = 0;
  #expiry: NodeJS.Timeout | undefined;
  #client: pg.Client | undefined;
  #clientTimeline = 0;
  /** Of the server's process, which is the connection's own. */
  #clientPid = 0;
  #pause: { timer: NodeJS.Timeout; end: () => void } | undefined;
  readonly #trouble: Trouble;
  #isStopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor({ nodeId, ...hooks }: LeaseOptions, options: PostgresOptions, cluster: Cluster) {
    this.nodeId = nodeId;
    this.#cluster = cluster;
    this.#options = options;
    this.leaseMs = options.leaseMs ?? LEASE_MS;
    this.#waitMs = this.leaseMs;
    this.#hooks = hooks;
    this.#trouble = new Trouble('heartbeat', options);
  }

  /** Resolves with the first lease; rejects when no beat is acknowledged within the time that the server has for any other answer. */
  async start(): Promise<void> {
    const end = now() + this.#options.answerTimeoutMs;
    do {
      await this.#beatOnce().catch((error: unknown) => {
        this.#disconnect();
        if (!(error instanceof NoAnswer) || now() >= end) {
          throw error;
        }
      });
    } while (!this.isHeld && now() < end);
    this.#loop = this.#run();
  }

  /** Whether what was read on this timeline may be believed now. */
  holds(timeline: number): boolean {
    return timeline === this.#timeline && now() < this.#endTime;
  }

  get timeline(): number {
    return this.#timeline;
  }

  /** Milliseconds since the last beat was sent that was acknowledged. */
  get age(): number {
    return Math.max(0, now() - this.#lastSentTime);
  }

  /** How often it ran out. */
  get losses(): number {
    return this.#losses;
  }

  get isHeld(): boolean {
    return now() < this.#endTime;
  }

  /**
   * Monotonic milliseconds: what shows this beat, or a later one, has everything that was acknowledged before then. Only beats that were
   * acknowledged count: one that a replaced primary committed alone shows nothing.
   */
  sentTime(beat: number): number | undefined {
    return this.#sent.timeOf(beat);
  }

  /** Resolves when a write that was committed on this timeline may be answered: nearly always at once. */
  async untilAnswerable(timeline: number): Promise<void> {
    const waitMs = this.answersFrom - now();
    if (timeline === this.#timeline && waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#expiry);
    clearTimeout(this.#pause?.timer);
    this.#pause?.end();
    const { isCommand = false } = this.#options;
    await forgetNode(this.isHeld ? this.#client : undefined, { nodeId: this.nodeId, isCommand }, this.leaseMs);
    this.#disconnect();
    await this.#loop;
  }

  /** Of a timeline that begins, the lease on the one before is worth nothing, and answers wait until all such leases are over. */
  observe(timeline: number): void {
    if (timeline > this.#timeline) {
      this.#timeline = timeline;
      this.#endTime = 0;
      this.answersFrom = timeline === FIRST_TIMELINE ? 0 : now() + this.leaseMs;
      this.#tell();
    }
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#sleep(this.#client === undefined ? RECONNECT_MS : BEAT_INTERVAL_MS);
      if (this.#isStopped) {
        return;
      }
      try {
        await this.#beatOnce();
        this.#waitMs = this.leaseMs;
        this.#trouble.succeeded();
      } catch (error) {
        this.#waitMs = error instanceof NoAnswer ? Math.min(2 * this.#waitMs, MAX_WAITS * this.leaseMs) : this.leaseMs;
        this.#trouble.failed(`a heartbeat failed: ${String(error)}`);
        this.#disconnect();
      }
    }
  }

  async #beatOnce(): Promise<void> {
    const limit = new TimeLimit(this.#waitMs);
    try {
      const client = this.#client ?? (await limit.race(this.#connect(limit)));
      const beat = ++this.#beat;
      const sentTime = now();
      this.#isDoubtful = false;
      const { rows } = await limit.race(client.query<{ pid: number }>({ ...BEAT, values: [this.nodeId, beat] }));
      if (rows[0]?.pid !== this.#clientPid) {
        throw new ServerError(SHARED);
      }
      if (this.#isDoubtful) {
        throw new NotReplicated('a heartbeat was committed without its replica');
      }
      if (this.#clientTimeline !== this.#timeline) {
        throw new Error(`the heartbeat is on timeline ${this.#clientTimeline}, and ${this.#timeline} has begun`);
      }
      this.#sent.remember(beat, sentTime);
      this.#lastSentTime = sentTime;
      this.#renew(sentTime + this.leaseMs);
    } finally {
      limit.clear();
    }
  }

  async #connect(limit: TimeLimit): Promise<pg.Client> {
    const client = new pg.Client(clientConfig(this.#options));
    client.on('error', () => undefined);
    client.on('notice', ({ code }) => {
      this.#isDoubtful ||= code === WARNING;
    });
    this.#client = client;
    await client.connect();
    const primary = await this.#cluster.askPrimary(client, this.#options);
    const { timeline, pid } = primary;
    if (timeline < this.#timeline) {
      throw new Error(`the server is on timeline ${timeline}, and ${this.#timeline} has begun`);
    }
    this.observe(timeline);
    await enterHistory(client, primary, { nodeId: this.nodeId, acknowledged: this.#sent.last }, this.#options, limit);
    this.#clientTimeline = timeline;
    this.#clientPid = pid;
    await this.#hooks.onConnect(client);
    return client;
  }

  #disconnect(): void {
    if (this.#client !== undefined) {
      abandon(this.#client);
      this.#client = undefined;
    }
  }

  #renew(endTime: number): void {
    this.#endTime = endTime;
    this.#awaitExpiry();
    this.#tell();
  }

  /** A timer of a busy process comes early too: it counts from when its turn of the event loop began. */
  #awaitExpiry(): void {
    clearTimeout(this.#expiry);
    const expire = () => (this.isHeld ? this.#awaitExpiry() : this.#tell());
    this.#expiry = setTimeout(expire, Math.max(0, this.#endTime - now()) + 1);
  }

  #tell(): void {
    if (this.isHeld !== this.#wasHeld && !this.#isStopped) {
      this.#losses += this.#wasHeld ? 1 : 0;
      this.#wasHeld = !this.#wasHeld;
      this.#hooks.onChange();
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((end) => {
      this.#pause = { timer: setTimeout(end, ms), end };
    });
  }
}
