/** What serves calls: gRPC and HTTP over one set of services, with what is counted of them. What is of the process once is not here. */
import type { Bounds } from '../../calls/bounds.ts';
import { linesLeftOut } from '../../calls/log-budget.ts';
import type { CallContext } from '../../calls/run.ts';
import type { TlsFiles } from '../../calls/tls.ts';
import { GrpcServer } from '../../grpc/server.ts';
import { artikDialects } from '../../http/artik/dialect.ts';
import { CONNECT_DIALECTS } from '../../http/connect/dialect.ts';
import { Issuers, type NamedIssuers } from '../../http/issuers.ts';
import { KII_DIALECTS } from '../../http/kii/dialect.ts';
import { oauth2Dialects } from '../../http/oauth2/dialect.ts';
import { pagesDialect } from '../../http/pages/dialect.ts';
import { endBrowserLogin } from '../../http/pages/sign-out.ts';
import { HttpServer } from '../../http/server.ts';
import { CallCounts } from '../../telemetry/call-counts.ts';
import type { Metric } from '../../telemetry/metric.ts';
import { WatchHub } from '../../watch/hub.ts';
import type { Registry } from '../../watch/registry.ts';
import { MONOTONIC } from '../../watch/timing.ts';
import { takeIn } from './arrivals.ts';
import { listening } from './listening.ts';
import type { ServesCalls } from './serves-calls.ts';
import { servingMetrics } from './serving-metrics.ts';
import { type ServersTraces, tracesOf } from './traces.ts';

export interface ServingOptions extends Pick<CallContext, 'services' | 'log'> {
  /** What all threads of the process hold. Absent: there is one. */
  readonly bounds?: Bounds;
  /** Whether other threads listen at the addresses too. */
  readonly sharesPort?: boolean;
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly reflection: boolean;
  readonly tls: TlsFiles | undefined;
  readonly issuers: NamedIssuers;
  /** Of those who watch here. */
  readonly registry: Registry;
  readonly traces: Parameters<typeof tracesOf>[0];
}

interface Parts {
  readonly grpc: GrpcServer;
  readonly http: HttpServer;
  readonly traces: ServersTraces;
}

export class Serving implements ServesCalls {
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
  static async start({ grpcAddress, httpAddress, reflection, tls, ...options }: ServingOptions): Promise<Serving> {
    const { log, registry, bounds, sharesPort = false } = options;
    // Known once it listens.
    let bound: string | undefined;
    const issuers = new Issuers(options.issuers, () => bound);
    const services = { ...options.services, issuerOf: (tenantId: string) => issuers.at({ tenant: tenantId }).url };
    const counts = new CallCounts();
    const traces = await tracesOf(options.traces, log);
    const undo: (() => Promise<void>)[] = [() => traces.stop()];
    const common = {
      services,
      log,
      observers: [counts, ...traces.observers],
      sharesPort,
      ...(tls === undefined ? {} : { tls }),
      ...(bounds === undefined ? {} : { bounds, inFlight: bounds.tally('calls') }),
    };
    const { store, clock } = services;
    const hub = new WatchHub({ store, registry, clock, timing: MONOTONIC, shared: bounds?.peers('watchers') });
    try {
      const grpc = await listening('--grpc-address', grpcAddress, () =>
        GrpcServer.start({ ...common, address: grpcAddress, reflection, hub }),
      );
      undo.unshift(() => grpc.drain(0));
      const dialects = [
        ...CONNECT_DIALECTS,
        ...KII_DIALECTS,
        ...oauth2Dialects(issuers),
        ...artikDialects(options.issuers.artikTenant, issuers, endBrowserLogin(issuers)),
        pagesDialect(issuers),
      ];
      const http = await listening('--http-address', httpAddress, () =>
        HttpServer.start({ ...common, dialects, address: httpAddress }),
      );
      bound = http.url;
      const metrics = servingMetrics({ counts, grpc, http, hub, linesLeftOut: () => linesLeftOut(log) });
      return new Serving({ grpc, http, traces }, metrics);
    } catch (error) {
      for (const each of undo) {
        await each();
      }
      throw error;
    }
  }

  merged(own: readonly Metric[]): readonly Metric[] {
    return [...own, ...this.metrics];
  }

  async refresh(): Promise<void> {
    // They are read where they are.
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

  /** At once, of all connections: the thread ends. */
  stopReading(): void {
    this.#parts.grpc.stopReading();
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
