/** The connections of a server, and the requests in flight on each: what draining has to wait for, and what it may cut. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface OpenRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
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
    this.#carriers.set(socket, new Set());
    socket.once('close', () => this.#carriers.delete(socket));
  }

  /** Counts a request until it is over, answered or its connection lost, and then calls `onEnd`. */
  begin(request: IncomingMessage, response: ServerResponse, onEnd: () => void): void {
    const { socket } = request;
    const open = this.#carriers.get(socket);
    if (open === undefined) {
      onEnd();
      return;
    }
    const entry: OpenRequest = { request, response };
    open.add(entry);
    this.#requestsInFlight += 1;
    response.once('close', () => {
      open.delete(entry);
      this.#requestsInFlight -= 1;
      onEnd();
      // The answer may have promised to keep the connection alive before draining began.
      if (this.#closesIdle && open.size === 0) {
        socket.destroySoon();
      }
    });
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
