/** The gRPC server: its limits (grpc-js sets none), health, reflection, and how it ends. */
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { CallContext } from '../calls/run.ts';
import type { TlsFiles } from '../calls/tls.ts';
import type { WatchHub } from '../watch/hub.ts';
import { contractDescriptors } from './descriptors.ts';
import { DirectCalls } from './direct-calls.ts';
import { guard } from './guard.ts';
import { Health } from './health.ts';
import { setCertificate } from './http2-servers.ts';
import { LIMITS } from './limits.ts';
import { addServices, unaryMethods } from './services.ts';

export interface GrpcServerOptions extends CallContext {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly tls?: TlsFiles;
  readonly reflection: boolean;
  /** Absent: nobody watches revocations. */
  readonly hub?: WatchHub;
}

export class GrpcServer {
  readonly #server: Server;
  readonly #health: Health;
  readonly #guard: ReturnType<typeof guard>;
  readonly #hub: WatchHub | undefined;
  /** `host:port` that it really listens on. */
  readonly address: string;

  private constructor(server: Server, calls: DirectCalls, health: Health, hub: WatchHub | undefined, address: string) {
    this.#server = server;
    this.#health = health;
    this.#hub = hub;
    this.#guard = guard(server, calls);
    this.address = address;
  }

  static async start(options: GrpcServerOptions): Promise<GrpcServer> {
    if (process.env.GRPC_VERBOSITY === undefined) {
      // The library prints lines of its own between those of the log, also about what it reports to us.
      setLogVerbosity(logVerbosity.NONE);
    }
    const server = new Server(LIMITS);
    addServices(server, options, options.hub);
    const { store } = options.services;
    const health = new Health(store);
    health.addToServer(server);
    if (options.reflection) {
      new ReflectionService(contractDescriptors()).addToServer(server);
    }
    const port = await bind(server, options.address, credentialsOf(options.tls));
    const host = options.address.slice(0, options.address.lastIndexOf(':'));
    store.onHealthChange(() => health.update());
    const calls = new DirectCalls(options, unaryMethods());
    return new GrpcServer(server, calls, health, options.hub, `${host}:${port}`);
  }

  figures() {
    return this.#guard.figures();
  }

  /** What health says; calls are served all the same, until `drain`. */
  setServing(serving: boolean): void {
    this.#health.setServing(serving);
  }

  /** What new connections get; those that are open go on. */
  useCertificate(tls: TlsFiles): void {
    setCertificate(this.#server, tls);
  }

  /**
   * Takes no new calls and finishes those in flight; what is left after the grace period is cut off. That is done by grpc-js's own
   * `drain`, for its `forceShutdown` knows the connections only when channelz is on.
   */
  async drain(graceMs: number): Promise<void> {
    this.#health.close();
    this.#hub?.close();
    this.#server.drain(this.address, graceMs);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    this.#guard.stop();
  }
}

function credentialsOf(tls: TlsFiles | undefined): ServerCredentials {
  return tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }]);
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}
