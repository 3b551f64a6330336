/** The connections of a server, and the requests in flight on each: what draining has to wait for, and what it may cut. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface OpenRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Tells once that the request is over: answered, or its connection lost. */
  readonly end: () => void;
}

export class Connections {
  /** Every TCP connection, also one whose TLS handshake has not ended. */
  readonly #sockets = new Set<Socket>();
  /** The connections that carry requests: with TLS the decrypted side of those above. */
  readonly #carriers = new Map<Socket, Set<OpenRequest>>();
  #requestsInFlight = 0;
  #closesIdle = false;

  get requestsInFlight(): number {
    return this.#requestsInFlight;
  }

  watch(server: Server, isTls: boolean): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.#carry(socket));
  }

  #carry(socket: Socket): void {
    if (this.#closesIdle) {
      socket.destroy();
      return;
    }
    const open = new Set<OpenRequest>();
    this.#carriers.set(socket, open);
    socket.once('close', () => {
      this.#carriers.delete(socket);
      // A pipelined response that had to wait for another is told nothing by Node.
      for (const each of [...open]) {
        each.end();
      }
    });
  }

  /** Counts a request until it is over, and then calls `onEnd` once. */
  begin(request: IncomingMessage, response: ServerResponse, onEnd: () => void): void {
    const open = this.#carriers.get(request.socket);
    if (open === undefined) {
      onEnd();
      return;
    }
    const end = () => {
      if (open.delete(entry)) {
        this.#requestsInFlight -= 1;
        onEnd();
      }
    };
    const entry: OpenRequest = { request, response, end };
    open.add(entry);
    this.#requestsInFlight += 1;
    response.once('close', end);
  }

  /** Whether bytes written to the connection itself would reach the client as the answer to what it is sending now. */
  isAwaitingRequest(socket: Socket): boolean {
    const open = this.#carriers.get(socket);
    return open !== undefined && [...open].every((each) => !each.request.complete && !each.response.headersSent);
  }

  /** Closes every connection on which no request is in flight, now and from now on. */
  closeIdle(): void {
    this.#closesIdle = true;
    for (const [socket, open] of this.#carriers) {
      if (open.size === 0) {
        socket.destroy();
      }
    }
  }

  destroyAll(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}
