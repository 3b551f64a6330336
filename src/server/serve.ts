/** `symbolon serve`: puts the parts together, runs them, and takes them down in order. */
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { linesLeftOut } from '../calls/log-budget.ts';
import type { ServeConfig } from '../config/serve.ts';
import { reasonOf } from '../core/reason.ts';
import type { Services } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import { GrpcServer } from '../grpc/server.ts';
import { CONNECT_DIALECTS } from '../http/connect/dialect.ts';
import { KII_DIALECTS } from '../http/kii/dialect.ts';
import { HttpServer } from '../http/server.ts';
import { Argon2Hasher } from '../password/argon2-hasher.ts';
import { lowerHashingPriority } from '../password/thread-priority.ts';
import { openSenders } from '../senders/open.ts';
import { Outbox } from '../senders/outbox.ts';
import { describeLocation, openStore } from '../store/open.ts';
import { lockDirectory, prepareDirectory } from '../store/sqlite/directory.ts';
import { CallCounts } from '../telemetry/call-counts.ts';
import { takeIn } from './arrivals.ts';
import { Certificates, type CertificateUser } from './certificates.ts';
import { announceDemo, prepareDemo } from './demo.ts';
import { type OpenMetrics, openMetrics } from './metrics.ts';
import { openServices } from './open-services.ts';
import { type ListeningSocket, listenForOperator } from './operator-socket.ts';
import { Purging } from './purging.ts';
import { StoreWatch } from './store-watch.ts';
import { type ServersTraces, tracesOf } from './traces.ts';

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
    const services = await openServices(store, hasher, config.keyFile, certificateEnd);
    const outbox = outboxOf(services, config, log, print);
    const demo = config.demo ? await prepareDemo(services, config.dataDir) : undefined;
    const counts = new CallCounts();
    const traces = await tracesOf(config.traces, log);
    undo.unshift(() => traces.stop());
    const common = {
      services,
      log,
      observers: [counts, ...traces.observers],
      ...(config.tls === undefined ? {} : { tls: config.tls.files }),
    };
    const grpc = await listening('--grpc-address', config.grpcAddress, () =>
      GrpcServer.start({ ...common, address: config.grpcAddress, reflection: config.reflection }),
    );
    undo.unshift(() => grpc.drain(0));
    const http = await listening('--http-address', config.httpAddress, () =>
      HttpServer.start({ ...common, dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS], address: config.httpAddress }),
    );
    undo.unshift(() => http.drain(0));
    const socket = config.store.kind === 'sqlite' ? await listenForOperator(config.dataDir, common) : undefined;
    undo.unshift(() => socket?.drain(0));
    if (demo !== undefined) {
      const surfaces = { tls: config.tls !== undefined, reflection: config.reflection };
      print(announceDemo(config.dataDir, demo, { grpc: grpc.address, http: http.address }, surfaces));
    }
    const purging = new Purging({ store, log, clock: Date.now, monotonic: () => performance.now() });
    const measured = { grpc, http, hasher, outbox, purging, store };
    servers.push(grpc, http);
    const startMetrics = () =>
      openMetrics({
        config: config.metrics,
        tls: config.tls?.files,
        log,
        parts: { ...measured, counts, certificateEnd, linesLeftOut: () => linesLeftOut(log) },
      });
    const { address: page } = config.metrics;
    const metrics =
      page === undefined ? await startMetrics() : await listening('--metrics-address', page, startMetrics);
    undo.unshift(() => metrics.stop());
    servers.push(metrics);
    outbox.start();
    purging.start();
    const addresses = { grpc: grpc.address, http: http.address, metrics: metrics.address };
    log.info({ ...addresses, store: describeLocation(config.store) }, 'serving');
    certificates?.start();
    const stop = () => {
      certificates?.stop();
      return drain(config, log, { ...measured, socket, metrics, traces, lock });
    };
    return {
      grpcAddress: grpc.address,
      httpAddress: http.address,
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

/** grpc-js wraps what the system says in its own words. */
const LISTEN_CODE = /\bE[A-Z]{4,}\b/;

const LISTEN_MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process has that port, perhaps a server that runs already. Stop it, or name another port',
  EADDRNOTAVAIL: 'This machine does not have that address. Name one of its own',
  EACCES: 'This user may not take that port. Name one from 1024 on',
};

/** Names the flag of a server that can't listen. */
async function listening<T>(flag: string, address: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const reason = reasonOf(error);
    const [code = reason] = LISTEN_CODE.exec(reason) ?? [];
    const mend = LISTEN_MENDS[code];
    throw new Error(`can't listen on ${flag} ${address}: ${mend === undefined ? reason : `${code}. ${mend}`}`);
  }
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
  readonly grpc: GrpcServer;
  readonly http: HttpServer;
  /** On SQLite. */
  readonly socket: ListeningSocket | undefined;
  readonly outbox: Outbox;
  readonly purging: Purging;
  readonly metrics: OpenMetrics;
  readonly traces: ServersTraces;
  readonly store: Store;
  readonly lock: { release: () => void };
}

/** Health first, then what is on its way here, then no new calls, then those in flight, then the store. */
async function drain(
  config: ServeConfig,
  log: Logger,
  { grpc, http, socket, outbox, purging, metrics, traces, store, lock }: Parts,
): Promise<void> {
  log.info('draining');
  grpc.setServing(false);
  http.setServing(false);
  await new Promise((resolve) => setTimeout(resolve, config.drainDelayMs));
  await takeIn();
  const doors = [grpc, http, ...(socket === undefined ? [] : [socket])];
  const drained = Promise.all(doors.map((door) => door.drain(config.drainGraceMs)));
  await atMost(config.drainGraceMs + LAST_MOMENT_MS, drained);
  purging.stop();
  // Last, for calls in flight may queue something yet.
  await outbox.stop(OUTBOX_GRACE_MS);
  await Promise.all([metrics.stop(), traces.stop()]);
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
