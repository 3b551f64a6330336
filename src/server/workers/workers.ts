/** Several threads that serve calls on the same ports, as if they were one: starting, replacing and ending them. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Bounds, boundsBuffer, forgetThread } from '../../calls/bounds.ts';
import { shareLogBudget } from '../../calls/log-budget.ts';
import type { TlsFiles } from '../../calls/tls.ts';
import type { ServeConfig } from '../../config/serve.ts';
import type { Instant } from '../../core/model.ts';
import type { InCommon } from '../../core/services/in-common.ts';
import type { Store } from '../../core/services/store.ts';
import type { Member } from '../../core/services/verifiers.ts';
import type { HashTurns } from '../../password/hash-turns.ts';
import { admitThread } from '../../store/open.ts';
import type { Metric } from '../../telemetry/metric.ts';
import type { OpenWatch } from '../../watch/open.ts';
import type { ServesCalls } from '../serving/serves-calls.ts';
import { Beats } from './beats.ts';
import { requireFree } from './free-port.ts';
import { MergedMetrics } from './merged-metrics.ts';
import { Numbers, Order } from './order.ts';
import type { Addresses, ServedCertificate, StartData } from './protocol.ts';
import { Worker } from './worker.ts';

export interface WorkersOptions {
  readonly config: ServeConfig;
  readonly log: Logger;
  /** Takes whole lines of the log. */
  readonly writeLines: (lines: string) => void;
  readonly common: InCommon;
  readonly hashing: HashTurns;
}

/** What is known once the store is open. */
export interface Beginning extends Pick<StartData, 'key' | 'decoy' | 'startTime'> {
  readonly watch: Pick<OpenWatch, 'verifiers' | 'threadLost'>;
  readonly store: Store;
  readonly certificateEndOf: (files: TlsFiles) => Instant;
}

/** Doubled at each attempt that fails, up to the longest. */
const RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 3_000;
/** In which a worker tells its metrics, or closes its store. */
const ANSWER_MS = 1_000;

export class Workers implements ServesCalls {
  readonly #options: WorkersOptions;
  readonly #bounds: SharedArrayBuffer;
  readonly #beats: Beats;
  readonly #numbers = new Numbers();
  readonly #order = new Order();
  readonly #metrics = new MergedMetrics();
  /** By index; those that are loading, starting or serving. */
  readonly #workers = new Map<number, Worker>();
  readonly #reasons = new WeakMap<Worker, string>();
  #beginning: Beginning | undefined;
  #addresses: Addresses;
  #files: TlsFiles | undefined;
  #isServing = true;
  #isEnding = false;

  /** Begins the threads, which load their sources while the store is opened. */
  constructor(options: WorkersOptions) {
    const { config, log } = options;
    this.#options = options;
    this.#addresses = config;
    this.#files = config.tls?.files;
    this.#bounds = boundsBuffer(config.workers, randomBytes(4).readInt32LE());
    shareLogBudget(log, new Bounds({ buffer: this.#bounds, threads: config.workers, own: 0 }).logCells as Int32Array);
    this.#beats = new Beats(config.workers, (index) => this.#onHang(index));
    for (let index = 0; index < config.workers; index++) {
      this.#load(index);
    }
  }

  get grpcAddress(): string {
    return this.#addresses.grpcAddress;
  }

  get httpAddress(): string {
    return this.#addresses.httpAddress;
  }

  /** Resolves when all of them listen. Rejects with a message for the operator. */
  async start(beginning: Beginning): Promise<void> {
    this.#beginning = beginning;
    const { grpcAddress, httpAddress } = this.#addresses;
    await requireFree('--grpc-address', grpcAddress);
    await requireFree('--http-address', httpAddress);
    const [first, ...others] = [...this.#workers.values()] as [Worker, ...Worker[]];
    // Where a free port is asked for, the first one takes it.
    const { grpcAddress: grpc, httpAddress: http } = await this.#start(first);
    this.#addresses = { grpcAddress: grpc, httpAddress: http };
    await Promise.all(others.map((worker) => this.#start(worker)));
    await this.refresh();
    this.#beats.start();
  }

  /** The watchers of each, from before it can have any. */
  members(): readonly Member[] {
    return [...this.#workers.values()].map(({ member }) => member);
  }

  /** The metrics of all, once `refresh` has asked them. */
  merged(own: readonly Metric[]): readonly Metric[] {
    return this.#metrics.over(own);
  }

  async refresh(): Promise<void> {
    const asking = [...this.#workers.values()].map(async (worker) =>
      this.#metrics.take(worker, await worker.channel.ask('readMetrics', undefined)),
    );
    await atMost(ANSWER_MS, Promise.allSettled(asking));
  }

  /** Resolves when health says so at each of them. */
  async setServing(serving: boolean): Promise<void> {
    this.#isServing = serving;
    const telling = [...this.#workers.values()].map((worker) => worker.channel.ask('setServing', serving));
    await atMost(ANSWER_MS, Promise.allSettled(telling));
  }

  useCertificate(files: TlsFiles): void {
    this.#files = files;
    for (const { channel } of this.#workers.values()) {
      channel.tell('useCertificate', this.#certificate() as ServedCertificate);
    }
  }

  async drain(graceMs: number): Promise<void> {
    this.#isEnding = true;
    this.#beats.stop();
    await Promise.allSettled([...this.#workers.values()].map(({ channel }) => channel.ask('drain', graceMs)));
    await this.refresh();
  }

  /** Closes their stores, and ends them. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#beats.stop();
    const all = [...this.#workers.values()];
    await atMost(ANSWER_MS, Promise.allSettled(all.map(({ channel }) => channel.ask('stop', undefined))));
    await Promise.all(all.map((worker) => worker.end()));
  }

  #load(index: number): Worker {
    const { config, writeLines, common, hashing } = this.#options;
    const worker = new Worker({
      index,
      logLevel: config.logLevel,
      log: writeLines,
      common,
      hashing,
      verifiers: () => (this.#beginning as Beginning).watch.verifiers,
      numbers: this.#numbers,
      order: this.#order,
      onEnd: (reason) => this.#onEnd(worker, reason),
    });
    this.#workers.set(index, worker);
    return worker;
  }

  async #start(worker: Worker): Promise<Addresses> {
    const { config } = this.#options;
    const { store, key, decoy, startTime } = this.#beginning as Beginning;
    const { store: location, reflection, traces, argon2 } = config;
    const { channel, index } = worker;
    const started = channel.ask('start', {
      ...this.#addresses,
      key,
      decoy,
      startTime,
      config: { store: location, reflection, traces, argon2 },
      certificate: this.#certificate(),
      isServing: this.#isServing,
      bounds: { buffer: this.#bounds, threads: config.workers, own: index },
      beats: this.#beats.buffer,
    });
    worker.onEnd(admitThread(store, (port) => channel.tell('useWriter', port, [port])));
    try {
      const addresses = await started;
      this.#beats.watch(index);
      return addresses;
    } catch (error) {
      throw new Error(this.#reasons.get(worker) ?? (error instanceof Error ? error.message : String(error)));
    }
  }

  #certificate(): ServedCertificate | undefined {
    const files = this.#files;
    return files && { files, end: (this.#beginning as Beginning).certificateEndOf(files) };
  }

  #onHang(index: number): void {
    void this.#workers.get(index)?.end('it hung');
  }

  #onEnd(worker: Worker, reason: string): void {
    const { index } = worker;
    const wasServing = this.#beats.forget(index);
    this.#reasons.set(worker, reason);
    this.#workers.delete(index);
    this.#beginning?.watch.threadLost();
    this.#metrics.depart(worker);
    forgetThread(this.#bounds, index);
    if (!this.#isEnding && wasServing) {
      this.#options.log.error(
        { worker: index, reason },
        'a worker ended, and its calls with it; another takes its place',
      );
      void this.#replace(index);
    }
  }

  async #replace(index: number, delayMs = RESTART_DELAY_MS): Promise<void> {
    await sleep(delayMs);
    if (this.#isEnding) {
      return;
    }
    const worker = this.#load(index);
    try {
      await this.#start(worker);
      this.#options.log.info({ worker: index }, 'a worker took the place of the one that ended');
    } catch (error) {
      const { log } = this.#options;
      log.error({ worker: index, reason: error instanceof Error ? error.message : '' }, 'a worker can’t be started');
      await worker.end();
      void this.#replace(index, Math.min(2 * delayMs, MAX_RESTART_DELAY_MS));
    }
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const abort = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: abort.signal }).catch(() => undefined)]);
  abort.abort();
}
