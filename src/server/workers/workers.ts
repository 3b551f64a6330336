/** Several threads that serve calls on the same ports, as if they were one: starting, replacing and ending them. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Bounds, boundsBuffer, forgetThread } from '../../calls/bounds.ts';
import { shareLogBudget } from '../../calls/log-budget.ts';
import type { TlsFiles } from '../../calls/tls.ts';
import type { ServeConfig } from '../../config/serve.ts';
import type { Instant } from '../../core/model.ts';
import { reasonOf } from '../../core/reason.ts';
import type { InCommon } from '../../core/services/in-common.ts';
import type { Store } from '../../core/services/store.ts';
import type { Member } from '../../core/services/verifiers.ts';
import type { HashTurns } from '../../password/hash-turns.ts';
import { admitThread } from '../../store/open.ts';
import type { Metric } from '../../telemetry/metric.ts';
import type { OpenWatch } from '../../watch/open.ts';
import type { ServesCalls } from '../serving/serves-calls.ts';
import { atMost } from './at-most.ts';
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
  /** Those that the process was begun with; one may end before it is told to start. */
  readonly #loaded: Worker[] = [];
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
      this.#loaded.push(this.#load(index));
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
    const [first, ...others] = this.#loaded as [Worker, ...Worker[]];
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
    await this.#askAll(async (worker) =>
      this.#metrics.take(worker, await worker.channel.ask('readMetrics', undefined)),
    );
  }

  /** Resolves when health says so at each of them. */
  async setServing(serving: boolean): Promise<void> {
    this.#isServing = serving;
    await this.#askAll(({ channel }) => channel.ask('setServing', serving));
  }

  /** Resolves when each of them shows it. One that is about to take another's place begins with it. */
  async useCertificate(files: TlsFiles): Promise<void> {
    this.#files = files;
    const served = this.#certificate() as ServedCertificate;
    await this.#askAll((worker) => worker.channel.ask('useCertificate', served));
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
    await this.#askAll(({ channel }) => channel.ask('stop', undefined));
    await Promise.all([...this.#workers.values()].map((worker) => worker.end()));
  }

  /** One that hangs, or is still loading, is not waited for without an end. */
  async #askAll(ask: (worker: Worker) => Promise<unknown>): Promise<void> {
    await atMost(ANSWER_MS, Promise.allSettled([...this.#workers.values()].map(ask)));
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
    const { store: location, reflection, traces, argon2, issuers } = config;
    const { channel, index } = worker;
    const started = channel.ask('start', {
      ...this.#addresses,
      key,
      decoy,
      startTime,
      config: { store: location, reflection, traces, argon2, issuers },
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
      if (channel.isClosed) {
        // It says why when it has ended.
        await worker.ended;
      }
      throw new Error(this.#reasons.get(worker) ?? reasonOf(error));
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
      if (this.#isEnding) {
        return;
      }
      this.#options.log.error(
        { worker: index, reason: reasonOf(error) },
        'a worker can’t be started, and is tried again',
      );
      await worker.end();
      void this.#replace(index, Math.min(2 * delayMs, MAX_RESTART_DELAY_MS));
    }
  }
}
