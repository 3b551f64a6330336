/** `symbolon serve`: puts the parts together, runs them, and takes them down in order. */
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { ServeConfig } from '../config/serve.ts';
import type { Services } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import { Argon2Hasher } from '../password/argon2-hasher.ts';
import { lowerHashingPriority } from '../password/thread-priority.ts';
import { openSenders } from '../senders/open.ts';
import { Outbox } from '../senders/outbox.ts';
import { describeLocation, openStore } from '../store/open.ts';
import { lockDirectory, prepareDirectory } from '../store/sqlite/directory.ts';
import { Certificates, type CertificateUser } from './certificates.ts';
import { announceDemo, prepareDemo } from './demo.ts';
import { type OpenMetrics, openMetrics } from './metrics.ts';
import { openServices } from './open-services.ts';
import { type ListeningSocket, listenForOperator } from './operator-socket.ts';
import { Purging } from './purging.ts';
import { listening, Serving } from './serving.ts';
import { StoreWatch } from './store-watch.ts';

/** In which the servers end what they cut off at the end of the grace period. */
const LAST_MOMENT_MS = 1_000;
/** In which callers are told that an outcome is unknown, when the process must end; nothing is written meanwhile. */
const LAST_ANSWERS_MS = 100;
/** In which messages on their way are handed over when the server ends; what isn't is sent again by the next one. */
const OUTBOX_GRACE_MS = 5_000;

/** A server that runs; `stop` drains it. */
export interface RunningServer {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  /** Undefined: no metrics are served. */
  readonly metricsAddress: string | undefined;
  /** Absent where the servers speak plain text. */
  readonly certificates: Certificates | undefined;
  stop(): Promise<void>;
}

/** Starts the servers. `print` takes what a person shall read. Rejects with a message for the operator. */
export async function serve(config: ServeConfig, log: Logger, print: (text: string) => void): Promise<RunningServer> {
  const lock = lockFor(config);
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    const watch = new StoreWatch({ log, now: () => performance.now() });
    const store = await openStoreFor(config, log, watch);
    watch.watch(store);
    undo.unshift(() => store.close());
    const hasher = await hasherOf(config);
    const servers: CertificateUser[] = [];
    const certificates = config.tls && new Certificates({ tls: config.tls, log, clock: Date.now, servers });
    const certificateEnd = () => certificates?.current.notAfter;
    const { services, registry } = await openServices(store, hasher, config.keyFile, certificateEnd);
    const outbox = outboxOf(services, config, log, print);
    const demo = config.demo ? await prepareDemo(services, config.dataDir) : undefined;
    const serving = await Serving.start({
      ...config,
      services,
      log,
      tls: config.tls?.files,
      registry,
    });
    undo.unshift(async () => {
      await serving.drain(0);
      await serving.stop();
    });
    const socket =
      config.store.kind === 'sqlite' ? await listenForOperator(config.dataDir, { services, log }) : undefined;
    undo.unshift(() => socket?.drain(0));
    if (demo !== undefined) {
      const surfaces = { tls: config.tls !== undefined, reflection: config.reflection };
      print(announceDemo(config.dataDir, demo, { grpc: serving.grpcAddress, http: serving.httpAddress }, surfaces));
    }
    const purging = new Purging({ store, log, clock: Date.now, monotonic: () => performance.now() });
    const measured = { hasher, outbox, purging, store };
    servers.push(serving);
    const startMetrics = () =>
      openMetrics({
        config: config.metrics,
        tls: config.tls?.files,
        log,
        parts: { ...measured, serving: serving.metrics, certificateEnd },
      });
    const { address: page } = config.metrics;
    const metrics =
      page === undefined ? await startMetrics() : await listening('--metrics-address', page, startMetrics);
    undo.unshift(() => metrics.stop());
    servers.push(metrics);
    outbox.start();
    purging.start();
    const addresses = { grpc: serving.grpcAddress, http: serving.httpAddress, metrics: metrics.address };
    log.info({ ...addresses, store: describeLocation(config.store) }, 'serving');
    certificates?.start();
    const stop = () => {
      certificates?.stop();
      return drain(config, log, { ...measured, serving, socket, metrics, lock });
    };
    return {
      grpcAddress: serving.grpcAddress,
      httpAddress: serving.httpAddress,
      metricsAddress: metrics.address,
      certificates,
      stop,
    };
  } catch (error) {
    for (const each of undo) {
      await each();
    }
    throw error;
  }
}

/** SQLite serves one server, and files beside it are that server's; a node on PostgreSQL keeps no files but the key and the demo's. */
function lockFor(config: ServeConfig): { release: () => void } {
  const isLocal = config.store.kind === 'sqlite';
  if (isLocal || config.demo) {
    prepareDirectory(config.dataDir);
  }
  return isLocal ? lockDirectory(config.dataDir) : { release: () => undefined };
}

function openStoreFor(config: ServeConfig, log: Logger, watch: StoreWatch): Promise<Store> {
  return openStore(config.store, {
    clock: Date.now,
    hasLock: config.store.kind === 'sqlite',
    onNotice: (notice) => log.warn(notice),
    onSuccess: (part) => watch.succeeded(part),
    onFault: (fault) => {
      watch.failed(fault);
      if (fault.isFatal) {
        // After a failed fsync the kernel may drop what it could not write and report success next time, so nothing that this
        // process believes about the WAL holds. The next one takes over what is there, and brings it to the disk.
        log.fatal('an fsync failed; the process ends so that the next one recovers from what is on the disk');
        setTimeout(() => process.exit(1), LAST_ANSWERS_MS);
      }
    },
  });
}

async function hasherOf(config: ServeConfig): Promise<Argon2Hasher> {
  // One more than there are processors, so that none is idle between a hash that ends and the next.
  const concurrency = availableParallelism() + 1;
  const hasher = await Argon2Hasher.create({ parameters: config.argon2, concurrency });
  lowerHashingPriority();
  return hasher;
}

/** The worker that sends codes: it looks once a second for what this server or another has queued. */
function outboxOf(services: Services, config: ServeConfig, log: Logger, print: (text: string) => void): Outbox {
  const { clock } = services;
  const senders = openSenders(config.senders, { clock, ...(config.demo ? { print } : {}) });
  return new Outbox({ services, senders, log });
}

interface Parts {
  readonly serving: Serving;
  /** On SQLite. */
  readonly socket: ListeningSocket | undefined;
  readonly outbox: Outbox;
  readonly purging: Purging;
  readonly metrics: OpenMetrics;
  readonly store: Store;
  readonly lock: { release: () => void };
}

/** Health first, then what is on its way here, then no new calls, then those in flight, then the store. */
async function drain(
  config: ServeConfig,
  log: Logger,
  { serving, socket, outbox, purging, metrics, store, lock }: Parts,
): Promise<void> {
  log.info('draining');
  serving.setServing(false);
  await new Promise((resolve) => setTimeout(resolve, config.drainDelayMs));
  const drained = Promise.all([serving, socket].map((door) => door?.drain(config.drainGraceMs)));
  await atMost(config.drainGraceMs + LAST_MOMENT_MS, drained);
  purging.stop();
  // Last, for calls in flight may queue something yet.
  await outbox.stop(OUTBOX_GRACE_MS);
  await Promise.all([metrics.stop(), serving.stop()]);
  await store.close();
  lock.release();
  log.info('stopped');
}

/** A peer that no longer answers, not even to the end of its connection, would be waited for without an end. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
