/** A thread that serves calls: a store, services and both surfaces of its own. What is of the process it asks the main thread. */
import { type MessagePort, workerData } from 'node:worker_threads';
import { Bounds } from '../../calls/bounds.ts';
import { shareLogBudget } from '../../calls/log-budget.ts';
import type { TlsFiles } from '../../calls/tls.ts';
import type { Store } from '../../core/services/store.ts';
import { Argon2Hasher } from '../../password/argon2-hasher.ts';
import { openInThread } from '../../store/open.ts';
import type { Metric } from '../../telemetry/metric.ts';
import { threadMetrics } from '../../telemetry/thread-metrics.ts';
import { Registry } from '../../watch/registry.ts';
import { MONOTONIC } from '../../watch/timing.ts';
import { endOnFaults } from '../serving/faults.ts';
import { openLog } from '../serving/log.ts';
import { openServices } from '../serving/services.ts';
import { Serving } from '../serving/serving.ts';
import { storeMetrics } from '../serving/store-metrics.ts';
import { StoreWatch } from '../serving/store-watch.ts';
import { AskedTurns, askingInCommon, askingVerifiers, type ToMain } from './asking.ts';
import { Channel } from './channel.ts';
import { Lines } from './lines.ts';
import { Numbers } from './order.ts';
import type { ServedCertificate, StartData, ThreadData, WorkerHandlers } from './protocol.ts';

const BEAT_MS = 500;

const { port, order, logLevel } = workerData as ThreadData;

let store: Store | undefined;
let serving: Serving | undefined;
/** The newest way to the writer. It may come before there is a store to take it. */
let writer: MessagePort | undefined;
let takeWriter: ((port: MessagePort) => void) | undefined;
/** The newest, which may come while this thread starts. */
let certificate: ServedCertificate | undefined;
/** Whether health says that it serves. */
let isServing = true;
/** From when all that is served is to be finished. */
let isDraining = false;
/** The watchers of this thread, which the main thread asks. */
const ownRegistry = new Registry(MONOTONIC);
/** How what is followed is ended. */
const following = new Map<number, () => void>();
let metrics: readonly Metric[] = [];

const handlers: { readonly [K in keyof WorkerHandlers]: WorkerHandlers[K] } = {
  start,
  useWriter: (newest) => {
    writer = newest;
    takeWriter?.(newest);
  },
  useCertificate: (served) => {
    certificate = served;
    serving?.useCertificate(filesOf(served));
  },
  setServing: (now) => {
    isServing = now;
    serving?.setServing(now);
  },
  follow: ({ id, tenantId, revision }) => {
    following.set(
      id,
      ownRegistry.follow(tenantId, revision, (count) => main.tell('followed', { id, count })),
    );
  },
  unfollow: (id) => {
    following.get(id)?.();
    following.delete(id);
  },
  readMetrics: () => metrics.map(({ read, ...metric }) => ({ ...metric, points: read() })),
  drain: async (graceMs) => {
    isDraining = true;
    await serving?.drain(graceMs);
  },
  stop: async () => {
    await serving?.stop();
    await store?.close();
  },
};
const main: ToMain = new Channel(port, handlers, { numbers: new Numbers(order) });
const lines = new Lines((text) => main.tell('log', text));
const log = openLog(logLevel, lines);
endOnFaults(log, () => {
  lines.flush();
  serving?.stopReading();
});

async function start(data: StartData) {
  const { config, bounds: memory, beats, key, startTime } = data;
  ({ certificate, isServing } = data);
  beat(new Int32Array(beats), memory.own);
  const bounds = new Bounds(memory);
  if (bounds.logCells !== undefined) {
    shareLogBudget(log, bounds.logCells);
  }
  const watch = new StoreWatch({ log, now: () => performance.now() });
  const opened = await openInThread(config.store, {
    clock: Date.now,
    threads: memory.threads,
    onSuccess: (part) => watch.succeeded(part),
    onNotice: (notice) => log.warn(notice),
    onFault: (fault) => watch.failed(fault),
  });
  ({ store, take: takeWriter } = opened);
  if (writer !== undefined) {
    takeWriter?.(writer);
  }
  if (config.store.kind === 'postgres') {
    // On SQLite the main thread tells, for all have one writer.
    watch.watch(store);
  }
  const turns = new AskedTurns(main);
  const passwords = await Argon2Hasher.create({ parameters: config.argon2, turns, decoy: data.decoy });
  const common = askingInCommon(main);
  const verifiers = askingVerifiers(main, store);
  const end = () => certificate?.end;
  const services = openServices({ store, passwords, key, common, verifiers, startTime, certificateEnd: end });
  if (isDraining) {
    throw new Error('the server stops');
  }
  const files = certificate && filesOf(certificate);
  const started = await Serving.start({
    ...config,
    grpcAddress: data.grpcAddress,
    httpAddress: data.httpAddress,
    services,
    registry: ownRegistry,
    log,
    tls: files,
    bounds,
    sharesPort: true,
  });
  serving = started;
  // What came meanwhile.
  if (certificate !== undefined) {
    serving.useCertificate(filesOf(certificate));
  }
  serving.setServing(isServing);
  if (isDraining) {
    await serving.drain(0);
  }
  metrics = [...serving.metrics, ...storeMetrics(store), ...threadMetrics().metrics];
  return { grpcAddress: serving.grpcAddress, httpAddress: serving.httpAddress };
}

/** A thread whose event loop does not turn any more is ended by the main thread. */
function beat(cells: Int32Array, own: number): void {
  setInterval(() => Atomics.add(cells, own, 1), BEAT_MS).unref();
}

/** What came from another thread is no Buffer any more. */
function filesOf({ files: { certificate, key } }: ServedCertificate): TlsFiles {
  return { certificate: Buffer.from(certificate), key: Buffer.from(key) };
}
