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
import { abandon, clientConfig, requirePrimary, TimeLimit } from './connections.ts';
import { NoAnswer } from './faults.ts';
import type { PostgresOptions } from './options.ts';

export const LEASE_MS = 1_000;
const BEAT_INTERVAL_MS = 250;
const RECONNECT_MS = 100;
/** A beat that is stuck in replication stays stuck on the server; so as not to fill it with them, each one is waited for longer. */
const LONGEST_WAIT_MS = 4 * LEASE_MS;
/** A timeline that no promotion led to. */
const FIRST_TIMELINE = 1;
/** About a minute of them. */
const REMEMBERED_BEATS = 256;

const BEAT = {
  name: 'beat',
  text: `INSERT INTO heartbeat (node_id, beat, beat_time) VALUES ($1, $2, clock_timestamp())
    ON CONFLICT (node_id) DO UPDATE SET beat = excluded.beat, beat_time = excluded.beat_time`,
};

/** Monotonic milliseconds. */
const now = () => performance.now();

export class Lease {
  readonly nodeId: string;
  readonly #options: PostgresOptions;
  readonly #onChange: () => void;
  readonly #sentAt = new Map<number, number>();
  #timeline = 0;
  /** Writes on the timeline are answered from then on. */
  #answersFrom = 0;
  #endTime = 0;
  #beat = 0;
  #waitMs = LEASE_MS;
  #wasHeld = false;
  #expiry: NodeJS.Timeout | undefined;
  #client: pg.Client | undefined;
  #clientTimeline = 0;
  #pause: { timer: NodeJS.Timeout; end: () => void } | undefined;
  #isStopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(nodeId: string, options: PostgresOptions, onChange: () => void) {
    this.nodeId = nodeId;
    this.#options = options;
    this.#onChange = onChange;
  }

  /** Resolves with the first beat that was acknowledged; rejects when it is not. */
  async start(): Promise<void> {
    await this.#beatOnce();
    this.#loop = this.#run();
  }

  /** Whether what was read on this timeline may be believed now. */
  holds(timeline: number): boolean {
    return timeline === this.#timeline && now() < this.#endTime;
  }

  get timeline(): number {
    return this.#timeline;
  }

  get isHeld(): boolean {
    return now() < this.#endTime;
  }

  /** When a beat was sent, in monotonic milliseconds: what shows it has everything that was acknowledged before. */
  sentTime(beat: number): number | undefined {
    return this.#sentAt.get(beat);
  }

  /** Resolves when a write that was committed on this timeline may be answered: nearly always at once. */
  async untilAnswerable(timeline: number): Promise<void> {
    this.#observe(timeline);
    const waitMs = this.#answersFrom - now();
    if (timeline === this.#timeline && waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#expiry);
    clearTimeout(this.#pause?.timer);
    this.#pause?.end();
    this.#disconnect();
    await this.#loop;
  }

  #observe(timeline: number): void {
    if (timeline > this.#timeline) {
      this.#timeline = timeline;
      this.#endTime = 0;
      this.#answersFrom = timeline === FIRST_TIMELINE ? 0 : now() + LEASE_MS;
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
        this.#waitMs = LEASE_MS;
      } catch (error) {
        this.#waitMs = error instanceof NoAnswer ? Math.min(2 * this.#waitMs, LONGEST_WAIT_MS) : LEASE_MS;
        this.#options.onFault?.(`a heartbeat failed: ${String(error)}`);
        this.#disconnect();
      }
    }
  }

  async #beatOnce(): Promise<void> {
    const limit = new TimeLimit(this.#waitMs);
    try {
      const client = this.#client ?? (await limit.race(this.#connect()));
      const beat = ++this.#beat;
      const sentTime = now();
      this.#remember(beat, sentTime);
      await limit.race(client.query({ ...BEAT, values: [this.nodeId, beat] }));
      if (this.#clientTimeline === this.#timeline) {
        this.#renew(sentTime + LEASE_MS);
      }
    } finally {
      limit.clear();
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(clientConfig(this.#options));
    client.on('error', () => undefined);
    this.#client = client;
    await client.connect();
    const timeline = await requirePrimary(client);
    if (timeline < this.#timeline) {
      throw new Error(`the server is on timeline ${timeline}, and ${this.#timeline} has begun`);
    }
    this.#observe(timeline);
    this.#clientTimeline = timeline;
    return client;
  }

  #disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) {
      abandon(client);
    }
  }

  #renew(endTime: number): void {
    this.#endTime = endTime;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#tell(), Math.max(0, endTime - now()) + 1);
    this.#tell();
  }

  #tell(): void {
    if (this.isHeld !== this.#wasHeld && !this.#isStopped) {
      this.#wasHeld = this.isHeld;
      this.#onChange();
    }
  }

  #remember(beat: number, sentTime: number): void {
    this.#sentAt.set(beat, sentTime);
    this.#sentAt.delete(beat - REMEMBERED_BEATS);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#pause = { timer: setTimeout(resolve, ms), end: resolve };
    });
  }
}
