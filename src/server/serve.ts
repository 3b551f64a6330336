/** `symbolon serve`: puts the parts together, runs them, and takes them down in order. */
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { TlsFiles } from '../calls/tls.ts';
import type { ServeConfig } from '../config/serve.ts';
import { inCommon } from '../core/services/in-common.ts';
import type { Services } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import { Argon2Hasher } from '../password/argon2-hasher.ts';
import { HashQueue } from '../password/hash-turns.ts';
import { lowerHashingPriority } from '../password/thread-priority.ts';
import { openSenders } from '../senders/open.ts';
import { Outbox } from '../senders/outbox.ts';
import { describeLocation, inThisProcess, openStore } from '../store/open.ts';
import { lockDirectory, prepareDirectory } from '../store/sqlite/directory.ts';
import { openWatch } from '../watch/open.ts';
import { Certificates, type CertificateUser, certificateIn } from './certificates.ts';
import { type CertifiedDevicesDoor, openDevicesDoor } from './certified-devices.ts';
import { announceDemo, prepareDemo } from './demo.ts';
import { loadKey } from './key-file.ts';
import { type OpenMetrics, openMetrics } from './metrics.ts';
import { untilMinting } from './minting.ts';
import { type ListeningSocket, listenForOperator } from './operator-socket.ts';
import { Purging } from './purging.ts';
import { listening } from './serving/listening.ts';
import type { ServesCalls } from './serving/serves-calls.ts';
import { openServices } from './serving/services.ts';
import type { ServingOptions } from './serving/serving.ts';
import { StoreWatch } from './serving/store-watch.ts';
import type { Workers, WorkersOptions } from './workers/workers.ts';

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

/** Where the server writes besides its files. */
export interface Outputs {
  readonly log: Logger;
  /** Takes whole lines of the log, which were made in another thread. */
  readonly writeLines: (lines: string) => void;
  /** Takes what a person shall read. */
  readonly print: (text: string) => void;
}

/** Starts the servers. Rejects with a message for the operator. */
export async function serve(given: ServeConfig, outputs: Outputs): Promise<RunningServer> {
  const config = { ...given, store: inThisProcess(given.store) };
  const { log, print } = outputs;
  const lock = lockFor(config);
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    const common = inCommon(Date.now);
    // One more than there are processors, so that none is idle between a hash that ends and the next.
    const hashing = new HashQueue({ concurrency: availableParallelism() + 1 });
    const workers = await workersOf(config, { ...outputs, common, hashing });
    undo.unshift(() => workers?.stop());
    const watch = new StoreWatch({ log, now: () => performance.now() });
    const store = await openStoreFor(config, log, watch);
    watch.watch(store);
    undo.unshift(() => store.close());
    const hasher = await Argon2Hasher.create({ parameters: config.argon2, turns: hashing });
    lowerHashingPriority();
    const servers: CertificateUser[] = [];
    const certificates = config.tls && new Certificates({ tls: config.tls, log, clock: Date.now, servers });
    const certificateEnd = () => certificates?.current.notAfter;
    const [key, startTime] = [await loadKey(config.keyFile, store), Date.now()];
    const revocations = openWatch(store, Date.now, () => workers?.members() ?? []);
    const { verifiers, registry } = revocations;
    const services = openServices({ store, passwords: hasher, key, common, verifiers, startTime, certificateEnd });
    await untilMinting(services.tagKeys);
    const outbox = await outboxOf(services, config, log, print);
    const demo = config.demo ? await prepareDemo(services, config.dataDir) : undefined;
    const serving = workers ?? (await servingHere(config, { services, log, registry }));
    if (workers === undefined) {
      undo.unshift(async () => {
        await serving.drain(0);
        await serving.stop();
      });
    } else {
      const certificateEndOf = ({ certificate }: TlsFiles) => certificateIn(certificate).notAfter;
      await workers.start({ store, watch: revocations, key, startTime, decoy: hasher.decoy, certificateEndOf });
    }
    const { grpcAddress: grpc, httpAddress: http } = serving;
    const socket =
      config.store.kind === 'sqlite' ? await listenForOperator(config.dataDir, { services, log }) : undefined;
    undo.unshift(() => socket?.drain(0));
    const devices = await listening('--mtls-address', config.certifiedDevices?.address ?? '', () =>
      openDevicesDoor(config.certifiedDevices, config.tls?.files, { services, log }),
    );
    undo.unshift(() => devices?.drain(0));
    if (demo !== undefined) {
      const surfaces = { tls: config.tls !== undefined, reflection: config.reflection, issuers: config.issuers };
      print(announceDemo(config.dataDir, demo, { grpc, http }, surfaces));
    }
    const purging = new Purging({ store, log, clock: Date.now, monotonic: () => performance.now() });
    servers.push(serving, ...(devices === undefined ? [] : [devices]));
    const parts = { hashing, outbox, purging, store, certificateEnd };
    const startMetrics = () => openMetrics({ config: config.metrics, tls: config.tls?.files, log, parts, serving });
    const { address: page } = config.metrics;
    const metrics =
      page === undefined ? await startMetrics() : await listening('--metrics-address', page, startMetrics);
    undo.unshift(() => metrics.stop());
    servers.push(metrics);
    outbox.start();
    purging.start();
    log.info(
      { grpc, http, mtls: devices?.address, metrics: metrics.address, store: describeLocation(config.store) },
      'serving',
    );
    certificates?.start();
    const stop = () => {
      certificates?.stop();
      return drain(config, log, { serving, socket, devices, outbox, purging, metrics, store, lock });
    };
    return { grpcAddress: grpc, httpAddress: http, metricsAddress: metrics.address, certificates, stop };
  } catch (error) {
    for (const each of undo) {
      await each();
    }
    throw error;
  }
}

/** Undefined where the main thread serves calls itself. */
async function workersOf(config: ServeConfig, options: Omit<WorkersOptions, 'config'>): Promise<Workers | undefined> {
  if (config.workers === 1) {
    return undefined;
  }
  const { Workers } = await import('./workers/workers.ts');
  return new Workers({ ...options, config });
}

async function servingHere(
  config: ServeConfig,
  parts: Pick<ServingOptions, 'services' | 'log' | 'registry'>,
): Promise<ServesCalls> {
  const { Serving } = await import('./serving/serving.ts');
  return Serving.start({ ...config, ...parts, tls: config.tls?.files });
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

/** The worker that sends codes: it looks once a second for what this server or another has queued. */
async function outboxOf(
  services: Services,
  config: ServeConfig,
  log: Logger,
  print: (text: string) => void,
): Promise<Outbox> {
  const { clock } = services;
  const senders = await openSenders(config.senders, { clock, ...(config.demo ? { print } : {}) });
  return new Outbox({ services, senders, log });
}

interface Parts {
  readonly serving: ServesCalls;
  /** On SQLite. */
  readonly socket: ListeningSocket | undefined;
  readonly devices: CertifiedDevicesDoor | undefined;
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
  { serving, socket, devices, outbox, purging, metrics, store, lock }: Parts,
): Promise<void> {
  log.info('draining');
  await serving.setServing(false);
  devices?.setServing(false);
  await new Promise((resolve) => setTimeout(resolve, config.drainDelayMs));
  const drained = Promise.all([serving, socket, devices].map((door) => door?.drain(config.drainGraceMs)));
  await atMost(config.drainGraceMs + LAST_MOMENT_MS, drained);
  purging.stop();
  // Last, for calls in flight may queue something yet.
  await outbox.stop(OUTBOX_GRACE_MS);
  await metrics.stop();
  await serving.stop();
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
