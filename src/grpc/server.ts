/** The gRPC server: its limits (grpc-js sets none), health, reflection, and how it ends. */
import type { Socket } from 'node:net';
import { type ConnectionInjector, logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { Bounds } from '../calls/bounds.ts';
import type { CallContext } from '../calls/run.ts';
import type { TlsFiles } from '../calls/tls.ts';
import type { WatchHub } from '../watch/hub.ts';
import { contractDescriptors } from './descriptors.ts';
import { DirectCalls } from './direct-calls.ts';
import { guard } from './guard.ts';
import { Health } from './health.ts';
import { setCertificate } from './http2-servers.ts';
import { LIMITS } from './limits.ts';
import { type Listeners, listen } from './listeners.ts';
import { addServices, unaryMethods } from './services.ts';

export interface GrpcServerOptions extends CallContext {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** PEM texts. */
  readonly tls?: TlsFiles;
  readonly reflection: boolean;
  /** Absent: nobody watches revocations. */
  readonly hub?: WatchHub;
  /** Whether other threads listen at the address too. */
  readonly sharesPort?: boolean;
  /** What all threads of the process hold. */
  readonly bounds?: Bounds;
}

interface Parts {
  readonly server: Server;
  readonly injector: ConnectionInjector;
  readonly listeners: Listeners;
  readonly health: Health;
  readonly hub: WatchHub | undefined;
  readonly guard: ReturnType<typeof guard>;
}

export class GrpcServer {
  readonly #parts: Parts;
  /** `host:port` that it really listens on. */
  readonly address: string;

  private constructor(parts: Parts, host: string) {
    this.#parts = parts;
    this.address = `${host}:${parts.listeners.port}`;
  }

  static async start({ bounds = new Bounds(), ...options }: GrpcServerOptions): Promise<GrpcServer> {
    if (process.env.GRPC_VERBOSITY === undefined) {
      // The library prints lines of its own between those of the log, also about what it reports to us.
      setLogVerbosity(logVerbosity.NONE);
    }
    const server = new Server(LIMITS);
    addServices(server, options, options.hub);
    const { store } = options.services;
    const health = new Health(store, bounds.peers('watches'));
    health.addToServer(server);
    if (options.reflection) {
      // Not before: who has it off need not load it.
      const { ReflectionService } = await import('@grpc/reflection');
      new ReflectionService(contractDescriptors()).addToServer(server);
    }
    const injector = server.createConnectionInjector(credentialsOf(options.tls));
    const guarding = guard(server, new DirectCalls(options, unaryMethods()), bounds);
    try {
      const { address, sharesPort = false } = options;
      const onConnection = (socket: Socket) => injector.injectConnection(socket);
      const listeners = await listen({ address, sharesPort, onConnection });
      store.onHealthChange(() => health.update());
      const host = address.slice(0, address.lastIndexOf(':'));
      return new GrpcServer({ server, injector, listeners, health, hub: options.hub, guard: guarding }, host);
    } catch (error) {
      guarding.stop();
      injector.destroy();
      throw error;
    }
  }

  figures() {
    return this.#parts.guard.figures();
  }

  /** What health says; calls are served all the same, until `drain`. */
  setServing(serving: boolean): void {
    this.#parts.health.setServing(serving);
  }

  /** What new connections get; those that are open go on. */
  useCertificate(tls: TlsFiles): void {
    setCertificate(this.#parts.server, tls);
  }

  /** At once, of all connections: the thread ends. */
  stopReading(): void {
    this.#parts.guard.stopReading();
  }

  /** Takes no new calls and finishes those in flight; what is left after the grace period is cut off. */
  async drain(graceMs: number): Promise<void> {
    const { server, injector, listeners, health, hub, guard: guarding } = this.#parts;
    health.close();
    hub?.close();
    const closed = listeners.close();
    injector.drain(graceMs);
    // It knows nothing of connections that are ending already.
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    await closed;
    guarding.stop();
  }
}

function credentialsOf(tls: TlsFiles | undefined): ServerCredentials {
  return tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }]);
}
