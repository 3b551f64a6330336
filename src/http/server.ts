/** The HTTP server: where it listens, whether it serves, and how it ends. */
import { lookup } from 'node:dns/promises';
import type { AddressInfo, ListenOptions } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Bounds } from '../calls/bounds.ts';
import type { TlsFiles } from '../calls/tls.ts';
import { buildApplication } from './application.ts';
import { Connections } from './connections.ts';
import type { Dialect, HttpContext } from './dialect.ts';
import type { ServingState } from './health.ts';
import { contextOf } from './node-server.ts';

export interface HttpServerOptions extends HttpContext {
  readonly dialects: readonly Dialect[];
  /** `host:port` or `[v6]:port`; port 0 takes a free one. Of a name's addresses the first is taken. */
  readonly address: string;
  readonly tls?: TlsFiles;
  /** Whether other threads listen at the address too. */
  readonly sharesPort?: boolean;
  /** What all threads of the process hold. */
  readonly bounds?: Bounds;
}

const ADDRESS_FORM = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^[\]:]+)):([0-9]{1,5})$/;

export class HttpServer {
  readonly #instance: FastifyInstance;
  readonly #connections: Connections;
  readonly #state: ServingState;
  /** `host:port` that it really listens on. */
  readonly address: string;
  readonly #scheme: string;

  private constructor(instance: FastifyInstance, connections: Connections, state: ServingState, isTls: boolean) {
    this.#instance = instance;
    this.#connections = connections;
    this.#state = state;
    this.address = textOf(instance.server.address());
    this.#scheme = isTls ? 'https' : 'http';
  }

  static async start({
    dialects,
    address,
    tls,
    sharesPort = false,
    bounds,
    ...context
  }: HttpServerOptions): Promise<HttpServer> {
    const { host, port } = parseAddress(address);
    const state: ServingState = { isServing: true, isDraining: false };
    const connections = new Connections(bounds);
    const instance = buildApplication({
      context,
      dialects,
      state,
      connections,
      tls,
    });
    try {
      // Fastify would bind a second server to the other address of `localhost`, and that one could not be drained.
      const options = { host: (await lookup(host)).address, port, reusePort: sharesPort };
      // Node's own options are handed on.
      await instance.listen(options satisfies ListenOptions);
    } catch (error) {
      await instance.close();
      throw error;
    }
    return new HttpServer(instance, connections, state, tls !== undefined);
  }

  /** Where clients on this machine reach it. */
  get url(): string {
    return `${this.#scheme}://${this.address}`;
  }

  figures() {
    return { connections: this.#connections.size };
  }

  /** What GET /health says. Other requests are served all the same, until `drain`. */
  setServing(serving: boolean): void {
    this.#state.isServing = serving;
  }

  /** What new connections get; those that are open go on. */
  useCertificate(files: TlsFiles): void {
    (this.#instance.server as unknown as TlsServer).setSecureContext(contextOf(files));
  }

  /** Takes no new requests and finishes those in flight; what is left after the grace period is cut off. */
  async drain(graceMs: number): Promise<void> {
    this.setServing(false);
    this.#state.isDraining = true;
    this.#connections.closeIdle();
    const timer = setTimeout(() => this.#connections.destroyAll(), graceMs);
    await this.#instance.close();
    clearTimeout(timer);
  }
}

function parseAddress(address: string): { host: string; port: number } {
  const [, v6, name, digits] = ADDRESS_FORM.exec(address) ?? [];
  const host = v6 ?? name;
  const port = Number(digits);
  if (host === undefined || !(port <= 65_535)) {
    throw new Error(`${address} is not an address. Say host:port`);
  }
  return { host, port };
}

function textOf(bound: AddressInfo | string | null): string {
  if (bound === null || typeof bound === 'string') {
    throw new Error('the server listens on no port');
  }
  return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}
