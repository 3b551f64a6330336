/** What serves calls: gRPC and HTTP over one set of services, with what is counted of them. What is of the process once is not here. */
import { linesLeftOut } from '../calls/log-budget.ts';
import type { CallContext } from '../calls/run.ts';
import type { TlsFiles } from '../calls/tls.ts';
import { reasonOf } from '../core/reason.ts';
import { GrpcServer } from '../grpc/server.ts';
import { CONNECT_DIALECTS } from '../http/connect/dialect.ts';
import { KII_DIALECTS } from '../http/kii/dialect.ts';
import { HttpServer } from '../http/server.ts';
import { CallCounts } from '../telemetry/call-counts.ts';
import type { Metric } from '../telemetry/metric.ts';
import { WatchHub } from '../watch/hub.ts';
import type { Registry } from '../watch/registry.ts';
import { MONOTONIC } from '../watch/timing.ts';
import { takeIn } from './arrivals.ts';
import { servingMetrics } from './serving-metrics.ts';
import { type ServersTraces, tracesOf } from './traces.ts';

export interface ServingOptions extends Pick<CallContext, 'services' | 'log'> {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly reflection: boolean;
  readonly tls: TlsFiles | undefined;
  /** Of those who watch here. */
  readonly registry: Registry;
  readonly traces: Parameters<typeof tracesOf>[0];
}

interface Parts {
  readonly grpc: GrpcServer;
  readonly http: HttpServer;
  readonly traces: ServersTraces;
}

export class Serving {
  readonly #parts: Parts;
  readonly metrics: readonly Metric[];
  /** `host:port` that each really listens on. */
  readonly grpcAddress: string;
  readonly httpAddress: string;

  private constructor(parts: Parts, metrics: readonly Metric[]) {
    this.#parts = parts;
    this.metrics = metrics;
    this.grpcAddress = parts.grpc.address;
    this.httpAddress = parts.http.address;
  }

  /** Rejects with a message that names the flag when it can't listen. */
  static async start({
    grpcAddress,
    httpAddress,
    reflection,
    tls,
    registry,
    ...options
  }: ServingOptions): Promise<Serving> {
    const { services, log } = options;
    const counts = new CallCounts();
    const traces = await tracesOf(options.traces, log);
    const undo: (() => Promise<void>)[] = [() => traces.stop()];
    const common = {
      services,
      log,
      observers: [counts, ...traces.observers],
      ...(tls === undefined ? {} : { tls }),
    };
    const { store, clock } = services;
    const hub = new WatchHub({ store, registry, clock, timing: MONOTONIC });
    try {
      const grpc = await listening('--grpc-address', grpcAddress, () =>
        GrpcServer.start({ ...common, address: grpcAddress, reflection, hub }),
      );
      undo.unshift(() => grpc.drain(0));
      const http = await listening('--http-address', httpAddress, () =>
        HttpServer.start({ ...common, dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS], address: httpAddress }),
      );
      const metrics = servingMetrics({ counts, grpc, http, hub, linesLeftOut: () => linesLeftOut(log) });
      return new Serving({ grpc, http, traces }, metrics);
    } catch (error) {
      for (const each of undo) {
        await each();
      }
      throw error;
    }
  }

  /** What health says; calls are served all the same, until `drain`. */
  setServing(serving: boolean): void {
    const { grpc, http } = this.#parts;
    grpc.setServing(serving);
    http.setServing(serving);
  }

  /** What new connections get; those that are open go on. */
  useCertificate(files: TlsFiles): void {
    const { grpc, http } = this.#parts;
    grpc.useCertificate(files);
    http.useCertificate(files);
  }

  /** Takes in what is on its way here, then no new calls, and finishes those in flight; what is left after the grace period is cut off. */
  async drain(graceMs: number): Promise<void> {
    const { grpc, http } = this.#parts;
    await takeIn();
    await Promise.all([grpc.drain(graceMs), http.drain(graceMs)]);
  }

  /** Sends what was traced, where it is sent. */
  async stop(): Promise<void> {
    await this.#parts.traces.stop();
  }
}

/** grpc-js wraps what the system says in its own words. */
const LISTEN_CODE = /\bE[A-Z]{4,}\b/;

const LISTEN_MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process has that port, perhaps a server that runs already. Stop it, or name another port',
  EADDRNOTAVAIL: 'This machine does not have that address. Name one of its own',
  EACCES: 'This user may not take that port. Name one from 1024 on',
};

/** Names the flag of a server that can't listen. */
export async function listening<T>(flag: string, address: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const reason = reasonOf(error);
    const [code = reason] = LISTEN_CODE.exec(reason) ?? [];
    const mend = LISTEN_MENDS[code];
    throw new Error(`can't listen on ${flag} ${address}: ${mend === undefined ? reason : `${code}. ${mend}`}`);
  }
}
