/** Where Prometheus scrapes: a server of its own, with one page. Who holds it up holds up nothing else, and only for so long. */
import { lookup } from 'node:dns/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Holdings } from '../calls/holdings.ts';
import { peerAddress, peerOf } from '../calls/peer.ts';
import type { TlsFiles } from '../calls/tls.ts';

const SECOND_MS = 1_000;
const LIMITS = {
  maxHeaderSize: 8 * 1_024,
  headersTimeout: 5 * SECOND_MS,
  requestTimeout: 5 * SECOND_MS,
  connectionsCheckingInterval: SECOND_MS,
  keepAliveTimeout: 65 * SECOND_MS,
};
/** Each holds one page at most. A scraper needs one or two. */
const MAX_CONNECTIONS = 64;
const MAX_CONNECTIONS_OF_PEER = 32;
/** For who takes no answer, or sends nothing more. */
const IDLE_MS = 10 * SECOND_MS;
const HANDSHAKE_MS = 5 * SECOND_MS;
/** Who asks again sooner gets the same page, so that asking costs next to nothing, however often it is done. */
const PAGE_LIFE_MS = 250;
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const PATH = '/metrics';
/** What calls this machine by no name of the DNS, with or without a port. */
const OWN_HOST = /^(localhost|[0-9.]+|\[[0-9a-f:.]+\])?(:[0-9]+)?$/i;

export interface PageOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly tls?: TlsFiles;
  readonly text: () => Promise<string>;
  readonly onFailure: (error: unknown) => void;
}

export class MetricsPage {
  readonly #server: Server;
  readonly #options: PageOptions;
  #text: Promise<string> | undefined;
  /** The clients that wait for an answer. */
  readonly #waiting = new Set<string>();
  readonly #room = new Holdings<Socket>({
    max: MAX_CONNECTIONS,
    maxOfPeer: MAX_CONNECTIONS_OF_PEER,
    canGiveWay: (socket) => !this.#waiting.has(clientOf(socket)),
    end: (socket) => socket.destroy(),
  });
  #readTime = 0;
  /** Whether only this machine is served. */
  #isLocal = true;

  private constructor(options: PageOptions) {
    this.#options = options;
    this.#server = createNodeServer(options.tls, (request, response) => {
      request.resume();
      const client = clientOf(request.socket);
      this.#waiting.add(client);
      response.once('close', () => this.#waiting.delete(client));
      void this.#answer(request, response);
    });
    this.#server.setTimeout(IDLE_MS);
    this.#server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket.remoteAddress);
      if (!this.#room.add(peer, socket)) {
        socket.destroy();
        return;
      }
      socket.once('close', () => this.#room.delete(peer, socket));
    });
  }

  static async start(options: PageOptions): Promise<MetricsPage> {
    const page = new MetricsPage(options);
    const at = options.address.lastIndexOf(':');
    const host = options.address.slice(0, at).replace(/^\[|\]$/g, '');
    const { address } = await lookup(host);
    await new Promise<void>((resolve, reject) => {
      page.#server.once('error', reject);
      page.#server.listen({ host: address, port: Number(options.address.slice(at + 1)) }, resolve);
    });
    page.#server.on('error', options.onFailure);
    page.#isLocal = peerAddress(address) === undefined;
    return page;
  }

  /** `host:port` that it really listens on. */
  get address(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** Open ones. */
  get connections(): number {
    return this.#room.size;
  }

  /** What new connections get; those that are open go on. */
  useCertificate({ certificate, key }: TlsFiles): void {
    (this.#server as unknown as TlsServer).setSecureContext({ cert: certificate, key });
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isLocal && !OWN_HOST.test(headers.host ?? '')) {
      // A page in a browser of this machine that gave its own name our address (DNS rebinding) would read it as its own origin.
      send(response, 421, 'This is not that host. Ask for localhost, or an address\n');
    } else if (method !== 'GET' && method !== 'HEAD') {
      send(response.setHeader('Allow', 'GET, HEAD'), 405, `Only GET is allowed here\n`);
    } else if (url.split('?', 1)[0] !== PATH) {
      send(response, 404, `The metrics are at ${PATH}\n`);
    } else {
      try {
        send(response, 200, await this.#page());
      } catch (error) {
        this.#options.onFailure(error);
        send(response, 500, 'The metrics could not be read; the log of the server says why\n');
      }
    }
  }

  #page(): Promise<string> {
    const now = performance.now();
    if (this.#text === undefined || now - this.#readTime >= PAGE_LIFE_MS) {
      this.#readTime = now;
      this.#text = this.#options.text();
    }
    return this.#text;
  }
}

/** Both sides of TLS have it in common. */
function clientOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': TYPE, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function createNodeServer(tls: TlsFiles | undefined, listener: RequestListener): Server {
  return tls === undefined
    ? createHttpServer(LIMITS, listener)
    : createHttpsServer({ ...LIMITS, cert: tls.certificate, key: tls.key, handshakeTimeout: HANDSHAKE_MS }, listener);
}
